import { mirrorPoints, type Points } from '../../domain/points.ts';
import { normalise } from '../augment/normalise.ts';
import type { InputShape, Predictor } from '../engine/engine.ts';
import type { Normalisation } from '../../domain/recipe.ts';
import type { Pictures } from '../training/pictures.ts';
import { pointsOf } from '../training/targets.ts';

export interface PredictSettings {
  readonly input: InputShape;
  readonly normalisation: Normalisation;
  /** As mirrorPermutation gives it. */
  readonly permutation: readonly number[];
  /** Averages each prediction with the one for the mirror image, mirrored back. */
  readonly mirror: boolean;
  /** And with those for the picture moved by so many pixels along a diagonal, both ways; 0 for none. */
  readonly shift: number;
}

/** Pictures that an engine sees at once: enough to keep it busy, little enough for its memory. */
const together = 256;

/**
 * Places keypoints on images without changing them first.
 * @param images positions of the pictures wanted
 * @returns [images, keypoints, 2] in pixels of the input
 */
export async function predictPoints(
  predictor: Predictor,
  pictures: Pictures,
  images: Int32Array,
  settings: PredictSettings,
): Promise<Points> {
  return meanOf(await predictPasses(predictor, pictures, images, settings));
}

/** How often a picture is looked at. */
export const passesOf = ({ mirror, shift }: Pick<PredictSettings, 'mirror' | 'shift'>): number =>
  (mirror ? 2 : 1) * (shift > 0 ? 3 : 1);

/**
 * As predictPoints, each pass by itself and brought back: the picture where it is, then where it is moved to; with
 * `mirror` each of them is followed by its mirror image.
 */
export async function predictPasses(
  predictor: Predictor,
  pictures: Pictures,
  images: Int32Array,
  settings: PredictSettings,
): Promise<Points[]> {
  const { input, permutation, mirror, shift } = settings;
  const outputs = 2 * permutation.length;
  const count = passesOf(settings);
  const passes = Array.from({ length: count }, () => new Float32Array(images.length * outputs));
  const step = Math.max(1, Math.floor(together / count));
  for (let first = 0; first < images.length; first += step) {
    const wanted = images.subarray(first, first + step);
    // All passes at once: the network's weights are read from memory once.
    const placed = pointsOf(await predictor.predict(readPictures(pictures, wanted, settings)), input);
    for (let pass = 0; pass < count; pass++) {
      const own = placed.subarray(pass * wanted.length * outputs, (pass + 1) * wanted.length * outputs);
      const isMirrored = mirror && pass % 2 === 1;
      const moved = movesOf(shift)[mirror ? pass >> 1 : pass]!;
      const there = isMirrored ? mirrorPoints(own, permutation, input.width) : own;
      passes[pass]!.set(
        there.map((value) => value - moved),
        first * outputs,
      );
    }
  }
  return passes;
}

/** To the right and down, in pixels. */
const movesOf = (shift: number) => (shift > 0 ? [0, shift, -shift] : [0]);

/** Of places that are said of the same keypoints. */
export function meanOf(passes: readonly Points[]): Points {
  return passes[0]!.map((_, i) => passes.reduce((sum, points) => sum + points[i]!, 0) / passes.length);
}

/** How far apart places are that are said of the same keypoints: RMS distance from their mean. @returns one for each keypoint */
export function spreadOf(passes: readonly Points[]): Float32Array {
  const mean = meanOf(passes);
  return Float32Array.from({ length: mean.length / 2 }, (_, k) => {
    const squares = passes.map(
      (points) => (points[2 * k]! - mean[2 * k]!) ** 2 + (points[2 * k + 1]! - mean[2 * k + 1]!) ** 2,
    );
    return Math.sqrt(squares.reduce((sum, square) => sum + square) / passes.length);
  });
}

/** The network's input: [passes, images, 1, height, width]. */
function readPictures({ read }: Pictures, images: Int32Array, settings: PredictSettings): Float32Array {
  const { input, normalisation, mirror, shift } = settings;
  const size = input.width * input.height;
  const inputs = new Float32Array(passesOf(settings) * images.length * size);
  let at = 0;
  for (const move of movesOf(shift)) {
    const plain = at;
    for (const image of images) {
      const picture = inputs.subarray(at, (at += size));
      moveInto(picture, read(image), move, input);
      normalise(picture, normalisation);
    }
    if (!mirror) continue;
    inputs.copyWithin(at, plain, at);
    for (const end = at + images.length * size; at < end; at += input.width)
      inputs.subarray(at, at + input.width).reverse();
  }
  return inputs;
}

/** Moved to the right and down; what comes in is the edge, carried on. */
function moveInto(moved: Float32Array, pixels: Uint8Array, by: number, { width, height }: InputShape): void {
  if (by === 0) return moved.set(pixels);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.max(0, Math.min(height - 1, y - by)) * width;
    for (let x = 0; x < width; x++, at++) moved[at] = pixels[row + Math.max(0, Math.min(width - 1, x - by))]!;
  }
}
