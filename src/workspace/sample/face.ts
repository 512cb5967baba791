/**
 * Draws a face of which every keypoint's place is known. A face is a handful of points in space, turned, projected
 * and joined by curves. Its unit is half the width of the face; x to the right of the picture, y down, z towards the
 * viewer. "Left" and "right" are the person's own, so the left eye has positive x.
 */
import type { Random } from '../../domain/random.ts';
import type { Paint, Point } from './canvas.ts';
import { Canvas, smooth } from './canvas.ts';

export const pictureSize = 96;

/** What stays the same from picture to picture of one person. */
export interface Person {
  readonly skin: number;
  readonly hair: number;
  readonly hairline: number;
  readonly longHair: boolean;
  readonly width: number;
  readonly chin: number;
  readonly eyeDistance: number;
  readonly eyeSize: number;
  readonly iris: number;
  readonly browHeight: number;
  readonly browTilt: number;
  readonly browThickness: number;
  readonly noseLength: number;
  readonly noseWidth: number;
  readonly mouthWidth: number;
  readonly lips: number;
  readonly beard: number;
}

/** What differs between two pictures of one person. Angles in radians, shifts and blur in pixels. */
export interface Shot {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly scale: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** Where the light comes from, left to right and top to bottom, and how much of it there is all around. */
  readonly lightX: number;
  readonly lightY: number;
  readonly ambient: number;
  readonly contrast: number;
  readonly brightness: number;
  readonly background: number;
  readonly smile: number;
  readonly openMouth: number;
  readonly openEyes: number;
  readonly gaze: number;
  readonly blur: number;
  readonly noise: number;
}

export interface Face {
  /** Gray, [96, 96]. */
  readonly pixels: Uint8Array;
  /** The place of every keypoint of the fifteen, by name, in pixels. */
  readonly keypoints: ReadonlyMap<string, Point>;
}

type Place = readonly [x: number, y: number, z: number];

export function drawPerson(random: Random): Person {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const skin = between(95, 215);
  return {
    skin,
    hair: between(12, Math.min(150, skin - 20)),
    hairline: between(-1.15, -0.82),
    longHair: random.uniform() < 0.4,
    width: between(0.92, 1.08),
    chin: between(1.32, 1.55),
    eyeDistance: between(0.48, 0.57),
    eyeSize: between(0.9, 1.2),
    iris: between(15, 90),
    browHeight: between(0.24, 0.34),
    browTilt: between(-0.06, 0.1),
    browThickness: between(0.045, 0.1),
    noseLength: between(0.36, 0.52),
    noseWidth: between(0.16, 0.26),
    mouthWidth: between(0.36, 0.5),
    lips: between(0.07, 0.13),
    beard: random.uniform() < 0.25 ? between(0.2, 0.6) : 0,
  };
}

export function drawShot(random: Random): Shot {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  return {
    yaw: 0.24 * random.normal(),
    pitch: 0.1 * random.normal(),
    roll: 0.11 * random.normal(),
    scale: between(0.84, 1.06),
    shiftX: 2 * random.normal(),
    shiftY: 2 * random.normal(),
    lightX: between(-0.9, 0.9),
    lightY: between(-0.8, 0.1),
    ambient: between(0.35, 0.75),
    contrast: between(0.65, 1.15),
    brightness: between(-25, 20),
    background: between(20, 220),
    smile: between(-0.04, 0.1),
    openMouth: random.uniform() < 0.35 ? between(0.03, 0.2) : 0,
    openEyes: random.uniform() < 0.06 ? 0.25 : between(0.75, 1.1),
    gaze: between(-0.05, 0.05),
    blur: between(0.35, 0.9),
    noise: between(1, 7),
  };
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

type Projection = (place: Place) => Point;
type Light = (x: number, y: number) => number;

/** Turns the head about the middle of the features and looks at it from far away. */
function projection({ yaw, pitch, roll, scale, shiftX, shiftY }: Shot): Projection {
  const middle = 0.75;
  const unit = 33 * scale;
  return ([x, y, z]) => {
    const turnedX = x * Math.cos(yaw) + (z - middle) * Math.sin(yaw);
    const depth = (z - middle) * Math.cos(yaw) - x * Math.sin(yaw);
    const turnedY = y * Math.cos(pitch) + depth * Math.sin(pitch);
    return [
      47.5 + shiftX + unit * (turnedX * Math.cos(roll) - turnedY * Math.sin(roll)),
      46 + shiftY + unit * (turnedX * Math.sin(roll) + turnedY * Math.cos(roll)),
    ];
  };
}

/** How bright light makes each pixel of a round head, [96, 96]: the more, the more its surface faces the light. */
function shading({ width }: Person, { lightX, lightY, ambient }: Shot, project: Projection): Light {
  const [cx, cy] = project([0, 0.1, 0]);
  const [sideX, sideY] = project([width, 0.1, 0]);
  const radius = Math.hypot(sideX - cx, sideY - cy) * 1.08;
  const length = Math.hypot(lightX, lightY, 1);
  const map = new Float32Array(pictureSize * pictureSize);
  for (let i = 0; i < map.length; i++) {
    const u = ((i % pictureSize) - cx) / radius;
    const v = (Math.floor(i / pictureSize) - cy) / (1.35 * radius);
    const facing = (u * lightX + v * lightY + Math.sqrt(Math.max(0, 1 - u * u - v * v))) / length;
    map[i] = ambient + (1.12 - ambient) * Math.max(0, facing);
  }
  return (x, y) => map[y * pictureSize + x]!;
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

function drawEye(canvas: Canvas, person: Person, shot: Shot, side: number, project: Projection) {
  const [x, y, z] = [side * person.eyeDistance, -0.32, 0.72];
  const half = 0.175 * person.eyeSize;
  const open = 0.085 * person.eyeSize * shot.openEyes;
  const inner: Place = [x - side * half, y + 0.02, z];
  const outer: Place = [x + side * half, y, z - 0.12];
  const lid = (height: number): Place[] => [
    [x - side * half * 0.5, y - height * 0.8, z + 0.02],
    [x, y - height, z + 0.03],
    [x + side * half * 0.55, y - height * 0.8, z - 0.03],
  ];
  const almond = (grown: number) =>
    smooth([inner, ...lid(open * grown), outer, ...lid(-open * 0.75 * grown).reverse()].map(project));
  const shadow = smooth(
    [
      [x - side * half * 1.5, y, z],
      ...lid(open + 0.12),
      [x + side * half * 1.4, y, z - 0.12],
      ...lid(-open - 0.06).reverse(),
    ].map((place) => project(place as Place)),
  );
  canvas.fill(shadow, (_x, _y, before) => 0.84 * before);
  canvas.fill(almond(1.55), (_x, _y, before) => 0.45 * before);
  canvas.fill(almond(1), 0.55 * person.skin + 90);
  const center: Place = [x + shot.gaze, y - 0.005, z + 0.03];
  const [cx, cy] = project(center);
  const pixelsPerUnit = 33 * shot.scale;
  const disc = (radius: number, paint: number) => {
    const [left, right] = [cx - radius * pixelsPerUnit, cx + radius * pixelsPerUnit];
    const lidHeight = Math.min(radius, open * 0.95) * pixelsPerUnit;
    canvas.fill(
      smooth([
        [left, cy],
        [cx, cy - lidHeight],
        [right, cy],
        [cx, cy + lidHeight * 0.85],
      ]),
      paint,
    );
  };
  disc(0.09 * person.eyeSize, person.iris);
  disc(0.045 * person.eyeSize, 8);
  if (shot.openEyes > 0.5)
    canvas.fill(
      [
        [cx, cy - 1.3],
        [cx + 1.1, cy - 1.3],
        [cx + 1.1, cy - 0.3],
        [cx, cy - 0.3],
      ],
      235,
      0.8,
    );
  return { center, inner_corner: inner, outer_corner: outer };
}

function drawBrow(canvas: Canvas, person: Person, side: number, project: Projection) {
  const { eyeDistance, browHeight, browTilt, browThickness: thick } = person;
  const y = -0.32 - browHeight;
  const inner: Place = [side * (eyeDistance - 0.27), y + browTilt / 2 + 0.02, 0.84];
  const outer: Place = [side * (eyeDistance + 0.29), y - browTilt / 2 + 0.05, 0.58];
  const arch: Place = [side * (eyeDistance + 0.08), y - 0.06, 0.76];
  const raised = ([x, y, z]: Place, by: number): Place => [x, y + by, z];
  const shape = smooth(
    [
      raised(inner, thick * 0.6),
      raised(inner, -thick * 0.6),
      raised(arch, -thick * 0.6),
      outer,
      raised(arch, thick * 0.5),
    ].map(project),
  );
  canvas.fill(shape, Math.min(person.hair, 0.5 * person.skin) * 0.8, 0.9);
  return { inner_end: inner, outer_end: outer };
}

function drawNose(canvas: Canvas, person: Person, shot: Shot, project: Projection): Place {
  const { noseLength, noseWidth: half } = person;
  const tip: Place = [0, -0.02 + noseLength, 1.15];
  const y = tip[1];
  const flank = (side: number): Place[] => [
    [side * 0.07, -0.28, 0.8],
    [side * 0.05, y - 0.12, 1.02],
    [side * half * 1.05, y + 0.06, 0.85],
    [side * (half + 0.06), y - 0.06, 0.78],
    [side * 0.16, -0.1, 0.75],
  ];
  const shaded = shot.lightX > 0 ? -1 : 1;
  canvas.fill(smooth(flank(shaded).map(project)), (_x, _y, before) => 0.76 * before);
  canvas.fill(smooth(flank(-shaded).map(project)), (_x, _y, before) => 0.94 * before);
  const base: Place[] = [
    [-half, y + 0.05, 0.85],
    [0, y + 0.09, 1.0],
    [half, y + 0.05, 0.85],
    [half * 0.7, y + 0.15, 0.82],
    [0, y + 0.16, 0.85],
    [-half * 0.7, y + 0.15, 0.82],
  ];
  canvas.fill(smooth(base.map(project)), (_x, _y, before) => 0.72 * before);
  for (const side of [1, -1])
    canvas.fill(blob([side * half * 0.52, y + 0.085, 0.92], 0.06, 0.03, project), 25, 0.8);
  canvas.fill(blob(tip, 0.07, 0.06, project), (_x, _y, before) => Math.min(255, 1.16 * before), 0.8);
  return tip;
}

function blob([x, y, z]: Place, width: number, height: number, project: Projection): Point[] {
  const places: Place[] = [
    [x - width, y, z],
    [x, y - height, z],
    [x + width, y, z],
    [x, y + height, z],
  ];
  return smooth(places.map(project));
}

function drawMouth(canvas: Canvas, person: Person, shot: Shot, project: Projection) {
  const { mouthWidth: half, lips } = person;
  const y = 0.8;
  const gap = shot.openMouth;
  const corner = (side: number): Place => [side * (half + shot.smile * 0.5), y - shot.smile, 0.68];
  const [left, right] = [corner(1), corner(-1)];
  const top: Place = [0, y - lips * 0.85, 0.92];
  const bottom: Place = [0, y + gap + lips * 1.15, 0.9];
  const [upperEdge, lowerEdge]: [Place, Place] = [
    [0, y, 0.9],
    [0, y + gap, 0.88],
  ];
  const side = (sign: number, height: number): Place => [sign * half * 0.5, y + height, 0.84];
  const lip = Math.max(20, 0.62 * person.skin);
  const upper = [
    right,
    side(-1, -lips * 0.75),
    top,
    side(1, -lips * 0.75),
    left,
    side(1, 0),
    upperEdge,
    side(-1, 0),
  ];
  const lower = [
    right,
    side(-1, gap * 0.8),
    lowerEdge,
    side(1, gap * 0.8),
    left,
    side(1, gap * 0.85 + lips * 0.85),
    bottom,
    side(-1, gap * 0.85 + lips * 0.85),
  ];
  const inside = [
    right,
    side(-1, 0),
    upperEdge,
    side(1, 0),
    left,
    side(1, gap * 0.85),
    lowerEdge,
    side(-1, gap * 0.85),
  ];
  canvas.fill(smooth(lower.map(project)), 1.12 * lip);
  canvas.fill(smooth(upper.map(project)), 0.85 * lip);
  canvas.fill(smooth(inside.map(project)), 28);
  const seam: Place[] = [right, [0, y - 0.015, 0.9], left, [0, y + 0.03, 0.9]];
  canvas.fill(smooth(seam.map(project)), 0.35 * lip, 0.8);
  if (gap > 0.09) {
    const teeth: Place[] = [side(-1, 0.015), [0, y + 0.01, 0.9], side(1, 0.015), [0, y + 0.45 * gap, 0.88]];
    canvas.fill(smooth(teeth.map(project)), 215, 0.9);
  }
  return { left_corner: left, right_corner: right, center_top_lip: top, center_bottom_lip: bottom };
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
