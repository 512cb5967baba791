import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { face15 } from '../../../src/domain/schema.ts';
import { randomStream } from '../../../src/domain/random.ts';
import { importArchive } from '../../../src/workspace/import/import.ts';
import type { ImportReport } from '../../../src/workspace/import/report.ts';
import { drawFace } from '../../../src/workspace/sample/face.ts';
import { drawPerson, drawShot } from '../../../src/workspace/sample/person.ts';
import { writeSampleArchive } from '../../../src/workspace/sample/sample.ts';
import { Workspace } from '../../../src/workspace/workspace.ts';
import { scratchDirectory } from '../scratch.ts';

async function sample(options: { seed?: number; training?: number; test?: number }): Promise<string> {
  const path = join(scratchDirectory(), 'sample.zip');
  await writeSampleArchive(path, options);
  return path;
}

async function imported<T>(
  path: string,
  look: (workspace: Workspace, report: ImportReport) => T,
): Promise<T> {
  const workspace = Workspace.open(scratchDirectory(), { create: true });
  try {
    return look(workspace, await importArchive(workspace, path));
  } finally {
    workspace.close();
  }
}

test('a sample is laid out like the competition’s archive', async () => {
  const report = await imported(await sample({ training: 30, test: 9 }), (_, report) => report);
  expect(report.tables.map(({ file, kind, rows }) => [file, kind, rows])).toEqual([
    ['sample.zip > training.zip > training.csv', 'training', 30],
    ['sample.zip > test.zip > test.csv', 'test', 9],
    ['sample.zip > IdLookupTable.csv', 'lookup', 3 * 30 + 6 * 8],
    ['sample.zip > SampleSubmission.csv', 'sample-submission', 3 * 30 + 6 * 8],
  ]);
});

test('equal seeds give equal bytes, others do not', async () => {
  const bytes = async (seed: number) => readFileSync(await sample({ seed, training: 6, test: 3 }));
  const first = await bytes(1);
  expect(first.equals(await bytes(1))).toBe(true);
  expect(first.equals(await bytes(2))).toBe(false);
});

test('a third of the rows, the first, have more than four keypoints', async () => {
  const placed = await imported(await sample({ training: 30, test: 3 }), (workspace) =>
    workspace.sources.rows(1).map(({ points }) => points!.filter((value) => !Number.isNaN(value)).length / 2),
  );
  expect(placed.slice(0, 10).every((count) => count >= 13)).toBe(true);
  expect(placed.slice(10).every((count) => count === 4)).toBe(true);
});

test('several pictures of one person are nearly the same', async () => {
  const groups = await imported(await sample({ training: 60, test: 3 }), (workspace) =>
    workspace.images.duplicateGroups(),
  );
  expect(groups.length).toBeGreaterThan(0);
});

test('no two pictures are equal, and none is both in training and test', async () => {
  const report = await imported(await sample({ training: 60, test: 20 }), (_, report) => report);
  expect(report).toMatchObject({ imagesAdded: 80, duplicates: { exact: 0 }, testInTraining: { total: 0 } });
});

test('a face has every keypoint of the competition, the left ones on the right of the picture', () => {
  const random = randomStream(3);
  const { keypoints } = drawFace(drawPerson(random), { ...drawShot(random), yaw: 0, roll: 0 }, random);
  expect([...keypoints.keys()].sort()).toEqual([...face15.keypoints].sort());
  for (const [left, right] of face15.mirrorPairs)
    expect(keypoints.get(left)![0]).toBeGreaterThan(keypoints.get(right)![0]);
});

test('an open eye is dark at its centre and lighter beside it', () => {
  const random = randomStream(5);
  const shot = {
    ...drawShot(random),
    yaw: 0,
    pitch: 0,
    roll: 0,
    openEyes: 1,
    gaze: 0,
    noise: 0,
    blur: 0.4,
    contrast: 1,
  };
  const { pixels, keypoints } = drawFace(drawPerson(random), shot, random);
  const at = (name: string) => {
    const [x, y] = keypoints.get(name)!;
    return pixels[Math.round(y) * 96 + Math.round(x)]!;
  };
  for (const side of ['left', 'right']) expect(at(`${side}_eye_center`)).toBeLessThan(0.7 * at('nose_tip'));
});
