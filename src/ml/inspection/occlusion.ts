/** What a network says of a picture of which a part is hidden (Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks"). */
import type { Points } from '../../domain/points.ts';
import type { InputShape, Predictor } from '../engine/engine.ts';
import { pointsOf } from '../training/targets.ts';

/** The hidden square's middle goes over a grid: column i is at x = step * i + (step - 1) / 2, rows likewise. */
export interface OcclusionGrid {
  /** Pixels of the input. */
  readonly patch: number;
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
}

export interface Occlusion extends OcclusionGrid {
  /** [keypoints, rows, columns] in pixels of the input. */
  readonly effects: Float32Array;
}

const together = 64;

/**
 * @param picture [height, width], normalised; what is hidden gets its mean
 * @param labels [keypoints, 2] in pixels of the input
 * @returns by how much the error grows (or shrinks: negative) where the keypoint has a label, else how far its place moves
 */
export async function occlude(
  predictor: Predictor,
  picture: Float32Array,
  input: InputShape,
  labels: Points,
  { patch, step }: Pick<OcclusionGrid, 'patch' | 'step'>,
): Promise<Occlusion> {
  const [columns, rows] = [Math.ceil(input.width / step), Math.ceil(input.height / step)];
  const keypoints = labels.length / 2;
  const mean = picture.reduce((sum, value) => sum + value, 0) / picture.length;
  const plain = pointsOf(await predictor.predict(picture), input);
  const effects = new Float32Array(keypoints * rows * columns);
  for (let first = 0; first < rows * columns; first += together) {
    const count = Math.min(together, rows * columns - first);
    const pictures = new Float32Array(count * picture.length);
    for (let i = 0; i < count; i++) {
      const place = [Math.floor((first + i) / columns), (first + i) % columns] as const;
      const [middleY, middleX] = place.map((index) => step * index + (step - 1) / 2) as [number, number];
      pictures.set(picture, i * picture.length);
      hide(pictures.subarray(i * picture.length, (i + 1) * picture.length), mean, middleX, middleY);
    }
    const placed = pointsOf(await predictor.predict(pictures), input);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < keypoints; k++)
        effects[k * rows * columns + first + i] = effect(placed.subarray(i * 2 * keypoints), k);
  }
  return { patch, step, columns, rows, effects };

  function hide(pixels: Float32Array, value: number, x: number, y: number): void {
    const [left, top] = [x, y].map((middle) => Math.ceil(middle - patch / 2)) as [number, number];
    for (let row = Math.max(0, top); row < Math.min(input.height, top + patch); row++)
      pixels.fill(
        value,
        row * input.width + Math.max(0, left),
        row * input.width + Math.min(input.width, left + patch),
      );
  }

  function effect(hidden: Points, k: number): number {
    const away = (from: Points, to: Points) =>
      Math.hypot(from[2 * k]! - to[2 * k]!, from[2 * k + 1]! - to[2 * k + 1]!);
    return Number.isNaN(labels[2 * k]!) ? away(hidden, plain) : away(hidden, labels) - away(plain, labels);
  }
}
