/**
 * A small archive of drawn faces in the competition's layout, so that a newcomer and the tests have data. Like the real
 * one it has several pictures of one person, some of them nearly equal; more rows with four keypoints than complete
 * ones, which come first; and a few rows that are wrong.
 */
import { stringify } from 'csv-stringify';
import { pipeline, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Random } from '../../domain/random.ts';
import { randomStream, shuffle } from '../../domain/random.ts';
import { coordinateColumns, face15 } from '../../domain/schema.ts';
import { writeFileAtomically } from '../export/atomic-file.ts';
import type { Point } from './canvas.ts';
import type { Face } from './face.ts';
import { drawFace } from './face.ts';
import type { Shot } from './person.ts';
import { drawPerson, drawShot } from './person.ts';
import { pictureSize } from './view.ts';

export interface SampleOptions {
  readonly seed?: number;
  /** Training rows. */
  readonly training?: number;
  /** Test images; their people are not in the training rows. */
  readonly test?: number;
}

/** The four keypoints that most of the competition's rows have. */
const fourKeypoints = ['left_eye_center', 'right_eye_center', 'nose_tip', 'mouth_center_bottom_lip'];

const completeShare = 1 / 3;
const wrongShare = 0.025;
/** Of the complete rows, those that miss one or two keypoints after all. */
const patchyShare = 0.1;
/** Of a person's further pictures, those that are nearly the one before. */
const nearDuplicateShare = 0.15;
const mostPicturesOfOne = 5;

// Names of random streams.
const [training, test, mistakes] = [1, 2, 3];

/** Writes the archive: equal options give equal bytes. It takes about 4 ms a face. */
export async function writeSampleArchive(out: string, options: SampleOptions = {}): Promise<void> {
  const { seed = 1, training: trainingRows = 240, test: testImages = 60 } = options;
  const archive = new ZipFile();
  addFile(archive, 'IdLookupTable.csv', csv(lookupRows(testImages)));
  addFile(archive, 'SampleSubmission.csv', csv(sampleRows(testImages)));
  addZip(archive, 'test.zip', 'test.csv', csv(testRows(seed, testImages)));
  addZip(archive, 'training.zip', 'training.csv', csv(trainingTable(seed, trainingRows)));
  archive.end();
  await writeFileAtomically(out, archive.outputStream as Readable);
}

/** Faces of many people, one to five pictures each, one person after the other. */
function* sampleFaces(seed: number, part: number, count: number): Generator<Face> {
  let drawn = 0;
  for (let personNumber = 0; drawn < count; personNumber++) {
    const random = randomStream(seed, part, personNumber);
    const person = drawPerson(random);
    const pictures = Math.min(count - drawn, 1 + random.integer(mostPicturesOfOne));
    for (const shot of shotsOf(pictures, random)) yield drawFace(person, shot, random);
    drawn += pictures;
  }
}

function* shotsOf(pictures: number, random: Random): Generator<Shot> {
  let shot = drawShot(random);
  for (let i = 0; i < pictures; i++) {
    if (i > 0)
      shot =
        random.uniform() < nearDuplicateShare
          ? { ...shot, shiftX: shot.shiftX + 0.3 * random.normal(), gaze: -shot.gaze }
          : drawShot(random);
    yield shot;
  }
}

/** Complete rows first, as in the competition. The people are shuffled between the two halves, so that both have many. */
function* trainingTable(seed: number, count: number): Generator<string[]> {
  yield [...coordinateColumns(face15), 'Image'];
  const faces = [...sampleFaces(seed, training, count)];
  const random = randomStream(seed, mistakes);
  const order = shuffle(Uint32Array.from(faces.keys()), random);
  const completeRows = Math.round(completeShare * count);
  for (const [position, index] of order.entries()) {
    const face = faces[index]!;
    const complete = position < completeRows;
    let places = face.keypoints;
    if (random.uniform() < wrongShare) places = mistaken(places, faces[random.integer(count)]!, random);
    yield [...trainingFields(places, complete, random), pixelText(face)];
  }
}

function trainingFields(places: ReadonlyMap<string, Point>, complete: boolean, random: Random): string[] {
  const absent = new Set<string>();
  if (complete && random.uniform() < patchyShare)
    for (let i = 0; i < 2; i++) absent.add(face15.keypoints[random.integer(face15.keypoints.length)]!);
  return face15.keypoints.flatMap((name) => {
    const given = (complete || fourKeypoints.includes(name)) && !absent.has(name);
    return given ? places.get(name)!.map((value) => within(value).toFixed(4)) : ['', ''];
  });
}

/** The mistakes that real tables have: left and right swapped, one point far off, the points of another face. */
function mistaken(
  places: ReadonlyMap<string, Point>,
  other: Face,
  random: Random,
): ReadonlyMap<string, Point> {
  const wrong = new Map(places);
  switch (random.integer(3)) {
    case 0:
      for (const [left, right] of face15.mirrorPairs)
        wrong.set(left, places.get(right)!).set(right, places.get(left)!);
      return wrong;
    case 1: {
      const name = fourKeypoints[random.integer(fourKeypoints.length)]!;
      return wrong.set(name, [random.uniform() * pictureSize, random.uniform() * pictureSize]);
    }
    default:
      return other.keypoints;
  }
}

function* testRows(seed: number, count: number): Generator<string[]> {
  yield ['ImageId', 'Image'];
  let imageId = 0;
  for (const face of sampleFaces(seed, test, count)) yield [String(++imageId), pixelText(face)];
}

/** All keypoints of the first test images are asked for, four of the others. */
function* lookupRows(testImages: number): Generator<string[]> {
  yield ['RowId', 'ImageId', 'FeatureName', 'Location'];
  let rowId = 0;
  for (let image = 1; image <= testImages; image++) {
    const names = image <= Math.round(completeShare * testImages) ? face15.keypoints : fourKeypoints;
    for (const name of names)
      for (const axis of ['x', 'y']) yield [String(++rowId), String(image), `${name}_${axis}`, ''];
  }
}

function* sampleRows(testImages: number): Generator<string[]> {
  yield ['RowId', 'Location'];
  const rows = [...lookupRows(testImages)].length - 1;
  for (let rowId = 1; rowId <= rows; rowId++) yield [String(rowId), '0'];
}

function within(value: number): number {
  return Math.min(pictureSize - 1, Math.max(0, value));
}

function pixelText({ pixels }: Face): string {
  return pixels.join(' ');
}

function csv(rows: Iterable<string[]>): Readable {
  return pipeline(Readable.from(rows), stringify(), () => undefined);
}

/** Times in a zip archive have no zone: this is the same in every one. */
const entryOptions = {
  mtime: new Date(2026, 0, 1),
  mode: 0o100644,
  forceDosTimestamp: true,
  compressionLevel: 3,
};

function addFile(zip: ZipFile, name: string, bytes: Readable): void {
  zip.addReadStreamLazy(name, entryOptions, (take) => {
    take(null, bytes);
  });
}

function addZip(archive: ZipFile, zipName: string, fileName: string, bytes: Readable): void {
  const zip = new ZipFile();
  addFile(zip, fileName, bytes);
  zip.end();
  archive.addReadStreamLazy(zipName, { ...entryOptions, compressionLevel: 0 }, (take) => {
    take(null, zip.outputStream);
  });
}
