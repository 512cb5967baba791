/**
 * Draws a face of which every keypoint's place is known. A face is a handful of points in space, turned, projected
 * and joined by curves. "Left" and "right" are the person's own, so the left eye has positive x.
 */
import type { Random } from '../../domain/random.ts';
import type { Paint, Point } from './canvas.ts';
import { Canvas, smooth } from './canvas.ts';
import { drawBrow, drawEye, drawMouth, drawNose } from './features.ts';
import type { Person, Shot } from './person.ts';
import type { Light, Place, Projection } from './view.ts';
import { pictureSize, projection, shading } from './view.ts';

export interface Face {
  /** Gray, [96, 96]. */
  readonly pixels: Uint8Array;
  /** The place of every keypoint of the fifteen, by name, in pixels. */
  readonly keypoints: ReadonlyMap<string, Point>;
}

/** @param random only for noise and the background */
export function drawFace(person: Person, shot: Shot, random: Random): Face {
  const project = projection(shot);
  const canvas = new Canvas(pictureSize);
  const light = shading(person, shot, project);
  drawBackground(canvas, person, shot, random);
  drawHead(canvas, person, project, light);
  const eyes = [1, -1].map((side) => drawEye(canvas, person, shot, side, project));
  const brows = [1, -1].map((side) => drawBrow(canvas, person, side, project));
  const nose = drawNose(canvas, person, shot, project);
  const mouth = drawMouth(canvas, person, shot, project);
  drawFringe(canvas, person, project, light);
  canvas.blur(shot.blur);
  canvas.cover((_x, _y, shade) => 118 + shot.brightness + shot.contrast * (shade - 118));
  canvas.addNoise(shot.noise, random);
  const keypoints = new Map<string, Point>();
  ['left', 'right'].forEach((side, i) => {
    for (const [part, place] of Object.entries(eyes[i]!))
      keypoints.set(`${side}_eye_${part}`, project(place));
    for (const [part, place] of Object.entries(brows[i]!))
      keypoints.set(`${side}_eyebrow_${part}`, project(place));
  });
  keypoints.set('nose_tip', project(nose));
  for (const [part, place] of Object.entries(mouth)) keypoints.set(`mouth_${part}`, project(place));
  return { pixels: canvas.toPixels(), keypoints };
}

function drawBackground(canvas: Canvas, person: Person, shot: Shot, random: Random): void {
  const [slopeX, slopeY] = [0.5 * random.normal(), 0.5 * random.normal()];
  canvas.cover((x, y) => shot.background + slopeX * (x - 48) + slopeY * (y - 48));
  for (let patch = 0; patch < 5; patch++) {
    const [x, y] = [random.uniform() * pictureSize, random.uniform() * pictureSize];
    const [width, height] = [6 + 25 * random.uniform(), 6 + 40 * random.uniform()];
    const corners: Point[] = [
      [x - width, y - height],
      [x + width, y - height],
      [x + width, y + height],
      [x - width, y + height],
    ];
    canvas.fill(corners, shot.background + 35 * random.normal(), 0.6);
  }
  const shoulders: Point[] = [
    [-10, 110],
    [6, 92 + shot.shiftY],
    [48 + shot.shiftX, 84 + shot.shiftY],
    [90, 92 + shot.shiftY],
    [106, 110],
  ];
  canvas.fill(smooth(shoulders), 30 + ((person.hair * 7) % 150));
}

/** The outline of the head at some depth, `growth` times as large as the face. */
function outline({ width, chin }: Person, project: Projection, growth: number, depth: number): Point[] {
  const half: (readonly [number, number])[] = [
    [0, -1.35],
    [0.62, -1.2],
    [0.95, -0.65],
    [1, 0.05],
    [0.9, 0.72],
    [0.58, chin - 0.22],
    [0, chin],
  ];
  const right = half.map(([x, y]): Place => [x * width * growth, y * growth, depth]);
  const left = right.slice(1, -1).reverse();
  return smooth([...right, ...left.map(([x, y, z]): Place => [-x, y, z])].map(project));
}

function drawHead(canvas: Canvas, person: Person, project: Projection, light: Light): void {
  const { skin, hair, longHair, beard, chin } = person;
  const hairPaint: Paint = (x, y) => hair * light(x, y) * (0.9 + 0.12 * Math.sin(1.7 * x + 0.4 * y));
  canvas.fill(outline({ ...person, chin: longHair ? chin : 0.75 }, project, 1.1, -0.2), hairPaint);
  if (longHair)
    canvas.fill(
      smooth(
        [
          [-1.15, -0.9, -0.2],
          [1.15, -0.9, -0.2],
          [1.3, 0.6, -0.2],
          [1.25, 2, -0.2],
          [-1.25, 2, -0.2],
          [-1.3, 0.6, -0.2],
        ].map((place) => project(place as unknown as Place)),
      ),
      hairPaint,
    );
  const neck: Place[] = [
    [-0.5, 0.9, 0],
    [0.5, 0.9, 0],
    [0.6, 2.1, 0],
    [-0.6, 2.1, 0],
  ];
  canvas.fill(neck.map(project), (x, y) => 0.72 * skin * light(x, y));
  const face = outline(person, project, 1, 0.25);
  canvas.fill(face, (x, y) => skin * light(x, y));
  const jaw: Place[] = [
    [-0.95 * person.width, 0.35, 0.3],
    [-0.5, 0.62, 0.7],
    [0, 0.56, 0.8],
    [0.5, 0.62, 0.7],
    [0.95 * person.width, 0.35, 0.3],
    [0.55, chin - 0.12, 0.3],
    [0, chin, 0.3],
    [-0.55, chin - 0.12, 0.3],
  ];
  if (beard > 0) canvas.fill(smooth(jaw.map(project)), hairPaint, beard);
}

/** Hair over the forehead. */
function drawFringe(canvas: Canvas, person: Person, project: Projection, light: Light): void {
  const { hairline, width, hair } = person;
  const fringe: Place[] = [
    [-1.03 * width, -0.55, 0.3],
    [-0.85 * width, hairline + 0.2, 0.5],
    [0.1, hairline, 0.7],
    [0.85 * width, hairline + 0.12, 0.5],
    [1.03 * width, -0.55, 0.3],
    [1.02 * width, -1.1, 0.2],
    [0, -1.55, 0.2],
    [-1.02 * width, -1.1, 0.2],
  ];
  canvas.fill(
    smooth(fringe.map(project)),
    (x, y) => hair * light(x, y) * (0.95 + 0.12 * Math.sin(1.7 * x + 0.4 * y)),
  );
}
