/** Eyes, brows, nose and mouth, each of which tells where its keypoints are in space. */
import type { Canvas, Point } from './canvas.ts';
import { smooth } from './canvas.ts';
import type { Person, Shot } from './person.ts';
import type { Place, Projection } from './view.ts';

export function drawEye(canvas: Canvas, person: Person, shot: Shot, side: number, project: Projection) {
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

export function drawBrow(canvas: Canvas, person: Person, side: number, project: Projection) {
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

export function drawNose(canvas: Canvas, person: Person, shot: Shot, project: Projection): Place {
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

export function drawMouth(canvas: Canvas, person: Person, shot: Shot, project: Projection) {
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
