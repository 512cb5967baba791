/** Places for missing points, from whatever knows best: a model's prediction, the shape of faces, the other half. */
import type { Author } from '../../contract/cells.ts';
import type { EditorImage, ShapeModelView } from '../../contract/images.ts';
import type { Label } from '../../domain/label.ts';
import { toPoints } from '../../domain/label.ts';
import { mirrorFromPlaced } from '../../domain/mirror.ts';
import type { KeypointSchema } from '../../domain/schema.ts';
import { mirrorPermutation } from '../../domain/schema.ts';
import { predictFromPlaced } from '../../domain/shape-model.ts';
import { pixels } from '../frame/format.ts';
import type { Point } from './viewport.ts';
import { snap } from './viewport.ts';
import { authorText } from './words.ts';

export interface Proposal {
  readonly keypoint: number;
  /** In pixels of the image. */
  readonly x: number;
  readonly y: number;
  /** Who proposes it: it stays the author when it is accepted. */
  readonly author: Author;
  /** In pixels, as measured where the truth is known. */
  readonly expectedError: number;
  /** Nine of ten such places are no further off, in pixels; null where that was not measured. */
  readonly within: number | null;
}

/** What a proposal gives when it is accepted. */
export interface Accepted {
  readonly place: Point;
  /** Undefined where the place is the person's own. */
  readonly author?: Author;
  /** Of a place that a person has moved: for the journal. */
  readonly origin?: string;
}

/**
 * A proposal at its own place stays its author's; one that was moved is the person's, and the journal says where it began.
 * @param at where it is accepted, brought to a tenth of a pixel within the picture
 * @param proposal undefined where nothing was proposed
 */
export function acceptedAt(at: Point, proposal: Proposal | undefined, image: EditorImage): Accepted {
  const place = snap(at, image);
  if (!proposal) return { place };
  const began = snap(proposal, image);
  const away = Math.hypot(place.x - began.x, place.y - began.y);
  if (away === 0) return { place, author: proposal.author };
  return { place, origin: `proposed by ${authorText(proposal.author)}, moved ${pixels(away)} px` };
}

/** What a person has rejected, by whom it was proposed. */
export class Rejections {
  readonly #rejected = new Set<string>();

  add(imageId: number, { keypoint, author }: Proposal): void {
    this.#rejected.add(`${imageId} ${keypoint} ${author.kind}`);
  }

  remove(imageId: number, { keypoint, author }: Proposal): void {
    this.#rejected.delete(`${imageId} ${keypoint} ${author.kind}`);
  }

  has(imageId: number, { keypoint, author }: Proposal): boolean {
    return this.#rejected.has(`${imageId} ${keypoint} ${author.kind}`);
  }
}

/** A model stands first up to so many times the others' expected error: it has looked at the picture, they have not. */
const modelsLead = 2;

/**
 * For each missing keypoint the model's proposal, unless another is expected to be much closer; else the one with the
 * least expected error. What was rejected does not count.
 * @param labels as the person sees them
 */
export function proposalsFor(
  schema: KeypointSchema,
  shape: ShapeModelView,
  image: EditorImage,
  labels: readonly Label[],
  rejections: Rejections,
): (Proposal | undefined)[] {
  const best: (Proposal | undefined)[] = labels.map(() => undefined);
  if (labels.every(({ state }) => state !== 'missing')) return best;
  const points = toPoints(labels);
  for (const proposal of [
    ...ofModel(image),
    ...ofShape(shape, image, points),
    ...ofMirror(schema, shape, points),
  ]) {
    const { keypoint } = proposal;
    if (labels[keypoint]!.state !== 'missing' || rejections.has(image.id, proposal)) continue;
    if (!best[keypoint] || rank(proposal) < rank(best[keypoint])) best[keypoint] = proposal;
  }
  return best;
}

const rank = ({ author, expectedError }: Proposal) =>
  author.kind === 'model-run' ? expectedError / modelsLead : expectedError;

function ofModel({ prediction }: EditorImage): Proposal[] {
  if (!prediction) return [];
  const author = { kind: 'model-run', name: String(prediction.runId) } as const;
  return prediction.points.flatMap(({ expectedError, ...place }, keypoint) =>
    expectedError === null ? [] : [{ keypoint, ...place, expectedError, author }],
  );
}

function ofShape(shape: ShapeModelView, image: EditorImage, points: Float64Array): Proposal[] {
  const author = { kind: 'shape', name: String(shape.images) } as const;
  return predictFromPlaced(shape, points, image).flatMap((guess, keypoint) =>
    guess ? [{ keypoint, ...guess, within: null, author }] : [],
  );
}

function ofMirror(
  schema: KeypointSchema,
  { mirrorErrors }: ShapeModelView,
  points: Float64Array,
): Proposal[] {
  const partners = mirrorPermutation(schema);
  return mirrorFromPlaced(points, partners).flatMap((place, keypoint) => {
    const expectedError = mirrorErrors[keypoint] ?? null;
    if (!place || expectedError === null) return [];
    const author = { kind: 'mirror', name: schema.keypoints[partners[keypoint]!]! } as const;
    return [{ keypoint, ...place, expectedError, within: null, author }];
  });
}
