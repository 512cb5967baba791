/** The review in words. */
import type { ReviewedImage, ReviewOrder } from '../../contract/review.ts';
import { isPlaced } from '../../domain/label.ts';
import { pixels } from '../frame/format.ts';
import type { View } from './review-address.ts';

export const viewNames: Record<View, string> = {
  faces: 'Faces',
  suspects: 'Wrong labels',
  errors: 'Errors',
  pictures: 'Own pictures',
};

export const orderNames: Record<ReviewOrder, string> = {
  worst: 'worst first',
  disagreement: 'least agreed first',
  added: 'as imported',
};

export const heldNames: Record<ReviewedImage['held'], string> = {
  validation: 'held out',
  training: 'learned from',
  unseen: 'not seen',
};

/** What is said below a face: its error, or how far passes are apart where that is asked for. */
export function captionOf(image: ReviewedImage, order: ReviewOrder, keypoint: number | undefined): string {
  if (order === 'disagreement') {
    const apart = image.spread && (keypoint === undefined ? mean(image.spread) : image.spread[keypoint]!);
    return apart === null ? '–' : `± ${pixels(apart)} px`;
  }
  const error = keypoint === undefined ? rmseOf(image) : errorsOf(image)[keypoint]!;
  return error === null ? 'no label' : `${pixels(error)} px`;
}

/** From label to prediction, in the schema's order and in pixels of the network's input; null where there is no label. */
export function errorsOf({ labels, placed, width, height }: ReviewedImage): (number | null)[] {
  const scale = inputSide / Math.max(width, height);
  return labels.map((label, k) =>
    isPlaced(label) ? scale * Math.hypot(placed[k]!.x - label.x, placed[k]!.y - label.y) : null,
  );
}

/** Over both coordinates of every label; null where there is none. */
function rmseOf(image: ReviewedImage): number | null {
  const errors = errorsOf(image).filter((error) => error !== null);
  return errors.length === 0
    ? null
    : Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / (2 * errors.length));
}

/** Errors are compared at the size that networks read. */
const inputSide = 96;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
