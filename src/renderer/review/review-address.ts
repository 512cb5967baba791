/** What the review shows, as its address says: `run=3&view=faces&order=disagreement&point=nose_tip&kind=training&image=12`. */
import type { ImageFilter } from '../../contract/cells.ts';
import type { ReviewOrder } from '../../contract/review.ts';
import type { KeypointSchema } from '../../domain/schema.ts';
import { readSelection, writeSelection } from '../dataset/selection.ts';

export const views = ['faces', 'suspects', 'errors', 'pictures'] as const;
export type View = (typeof views)[number];
export const reviewOrders = ['worst', 'disagreement', 'added'] as const satisfies ReviewOrder[];

/** What is looked at first: how the run does on what it has not learned from. */
export const heldOut = { split: 'validation' } as const satisfies ImageFilter;
/** `images=all`: every image of which the run has said something. */
const every = ['images', 'all'] as const;

export interface ReviewPlace {
  /** The latest finished one where none is named. */
  readonly run: number | undefined;
  readonly view: View;
  readonly filter: ImageFilter;
  readonly order: ReviewOrder;
  /** The only keypoint that the order goes by. */
  readonly keypoint: number | undefined;
  readonly reversed: boolean;
  /** Shown large. */
  readonly imageId: number | undefined;
}

export function readReview(address: URLSearchParams | string, { keypoints }: KeypointSchema): ReviewPlace {
  const query = new URLSearchParams(address);
  const keypoint = keypoints.indexOf(query.get('point') ?? '');
  const filter = readSelection(query).filter ?? {};
  const isNamed = Object.keys(filter).length > 0 || query.get(every[0]) === every[1];
  return {
    run: number(query.get('run')),
    view: views.find((view) => view === query.get('view')) ?? 'faces',
    filter: isNamed ? filter : heldOut,
    order: reviewOrders.find((order) => order === query.get('order')) ?? 'worst',
    keypoint: keypoint < 0 ? undefined : keypoint,
    reversed: query.get('reversed') === 'yes',
    imageId: number(query.get('image')),
  };
}

/** Without what a fresh screen shows anyway. */
export function writeReview(place: ReviewPlace, { keypoints }: KeypointSchema): URLSearchParams {
  const { run, view, filter, order, keypoint, reversed, imageId } = place;
  const query = new URLSearchParams();
  if (run !== undefined) query.set('run', String(run));
  if (view !== 'faces') query.set('view', view);
  if (Object.keys(filter).length === 0) query.set(...every);
  else if (JSON.stringify(filter) !== JSON.stringify(heldOut))
    for (const [name, value] of writeSelection({ filter })) query.set(name, value);
  if (order !== 'worst') query.set('order', order);
  if (keypoint !== undefined) query.set('point', keypoints[keypoint]!);
  if (reversed) query.set('reversed', 'yes');
  if (imageId !== undefined) query.set('image', String(imageId));
  return query;
}

const number = (text: string | null) => (/^[1-9]\d{0,8}$/.test(text ?? '') ? Number(text) : undefined);
