/** Mirror, rotation, scale and shift as one affine map of the picture's plane, for points and pixels alike. */
import type { Random } from '../../domain/random.ts';
import type { InputShape } from '../engine/engine.ts';
import type { Augmentation } from '../../domain/recipe.ts';

/**
 * From the original picture to the changed one: mirrored first if so, then turned and scaled about the picture's
 * centre ((width - 1) / 2, (height - 1) / 2), then shifted. Pixel centres are at whole numbers.
 */
export interface Affine {
  readonly mirrored: boolean;
  /** Radians; positive turns x towards y, which is clockwise on a screen. */
  readonly angle: number;
  readonly scale: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

export const unmoved: Affine = { mirrored: false, angle: 0, scale: 1, shiftX: 0, shiftY: 0 };

/** Always takes the same number of draws, so that one strength does not change what the others draw. */
export function drawAffine(
  strengths: Pick<Augmentation, 'mirror' | 'rotation' | 'scale' | 'shift'>,
  random: Random,
): Affine {
  const either = () => 2 * random.uniform() - 1;
  return {
    mirrored: random.uniform() < strengths.mirror,
    angle: (either() * strengths.rotation * Math.PI) / 180,
    scale: (1 + strengths.scale) ** either(),
    shiftX: either() * strengths.shift,
    shiftY: either() * strengths.shift,
  };
}

/** The same map for (x, y, 1), in pixels: two rows of three. */
export function matrixOf(
  { mirrored, angle, scale, shiftX, shiftY }: Affine,
  { width, height }: InputShape,
): [[number, number, number], [number, number, number]] {
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const flip = mirrored ? -1 : 1;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [
    [cos * flip, -sin, centreX + shiftX - cos * flip * centreX + sin * centreY],
    [sin * flip, cos, centreY + shiftY - sin * flip * centreX - cos * centreY],
  ];
}

/**
 * Moves the keypoints of one picture into `moved`; both [keypoints, 2]. A keypoint of the mirrored picture comes from
 * its partner (`permutation` as mirrorPermutation gives it). One that leaves the picture becomes NaN.
 */
export function movePoints(
  points: Float32Array,
  affine: Affine,
  permutation: readonly number[],
  { width, height }: InputShape,
  moved: Float32Array,
): void {
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  const cos = affine.scale * Math.cos(affine.angle);
  const sin = affine.scale * Math.sin(affine.angle);
  for (let k = 0; k < permutation.length; k++) {
    const from = affine.mirrored ? permutation[k]! : k;
    const x = (points[2 * from]! - centreX) * (affine.mirrored ? -1 : 1);
    const y = points[2 * from + 1]! - centreY;
    const movedX = cos * x - sin * y + centreX + affine.shiftX;
    const movedY = sin * x + cos * y + centreY + affine.shiftY;
    const inside = movedX >= -0.5 && movedX <= width - 0.5 && movedY >= -0.5 && movedY <= height - 0.5;
    moved[2 * k] = inside ? movedX : NaN;
    moved[2 * k + 1] = inside ? movedY : NaN;
  }
}

/**
 * Where changed pixels come from: the first one, and how much further the next of its row and of its column do. All are
 * [x, y] in pixels.
 */
export function inverseOf(
  { mirrored, angle, scale, shiftX, shiftY }: Affine,
  { width, height }: InputShape,
): Record<'start' | 'column' | 'row', readonly [x: number, y: number]> {
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const flip = mirrored ? -1 : 1;
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const [u, v] = [-centreX - shiftX, -centreY - shiftY];
  return {
    start: [flip * (cos * u + sin * v) + centreX, -sin * u + cos * v + centreY],
    column: [flip * cos, -sin],
    row: [flip * sin, cos],
  };
}

/** Draws the changed picture into `warped` (bilinear; beyond the edge its pixels go on). Both [height, width], at least 2x2. */
export function warpPixels(
  pixels: Uint8Array,
  affine: Affine,
  input: InputShape,
  warped: Float32Array,
): void {
  const { width, height } = input;
  const { start, column: along, row: down } = inverseOf(affine, input);
  for (let row = 0, to = 0; row < height; row++) {
    const startX = start[0] + row * down[0];
    const startY = start[1] + row * down[1];
    for (let column = 0; column < width; column++, to++) {
      let x = startX + column * along[0];
      let y = startY + column * along[1];
      x = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
      y = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
      const left = x < width - 2 ? x | 0 : width - 2;
      const top = y < height - 2 ? y | 0 : height - 2;
      const at = top * width + left;
      const shareX = x - left;
      const upper = pixels[at]! + shareX * (pixels[at + 1]! - pixels[at]!);
      const lower = pixels[at + width]! + shareX * (pixels[at + width + 1]! - pixels[at + width]!);
      warped[to] = upper + (y - top) * (lower - upper);
    }
  }
}
