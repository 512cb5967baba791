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
}

/** Enough to keep an engine busy, little enough for its memory. */
const chunk = 128;

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

/** As predictPoints, each pass by itself: the pictures as they are, and with `mirror` their mirror images, mirrored back. */
export async function predictPasses(
  predictor: Predictor,
  pictures: Pictures,
  images: Int32Array,
  settings: PredictSettings,
): Promise<Points[]> {
  const { input, permutation, mirror } = settings;
  const outputs = 2 * permutation.length;
  const passes = Array.from({ length: mirror ? 2 : 1 }, () => new Float32Array(images.length * outputs));
  for (let first = 0; first < images.length; first += chunk) {
    const wanted = images.subarray(first, first + chunk);
    // Both passes at once: the network's weights are read from memory once.
    const placed = pointsOf(await predictor.predict(readPictures(pictures, wanted, settings)), input);
    const [plain, reflected] = [0, 1].map((pass) =>
      placed.subarray(pass * wanted.length * outputs, (pass + 1) * wanted.length * outputs),
    );
    passes[0]!.set(plain!, first * outputs);
    passes[1]?.set(mirrorPoints(reflected!, permutation, input.width), first * outputs);
  }
  return passes;
}

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

/** The network's input: [images, 1, height, width], then their mirror images where they are asked for. */
function readPictures(
  { read }: Pictures,
  images: Int32Array,
  { input: { width, height }, normalisation, mirror }: PredictSettings,
): Float32Array {
  const size = width * height;
  const inputs = new Float32Array((mirror ? 2 : 1) * images.length * size);
  for (let i = 0; i < images.length; i++) {
    const picture = inputs.subarray(i * size, (i + 1) * size);
    picture.set(read(images[i]!));
    normalise(picture, normalisation);
    if (!mirror) continue;
    const mirrored = inputs.subarray((images.length + i) * size, (images.length + i + 1) * size);
    mirrored.set(picture);
    for (let row = 0; row < size; row += width) mirrored.subarray(row, row + width).reverse();
  }
  return inputs;
}
