/** What the label screen works at, as its address says: a selection of images, and which of them in which mode. */
import type { KeypointSchema } from '../../domain/schema.ts';
import { readSelection, writeSelection } from '../dataset/selection.ts';
import type { Work } from './supply.ts';

export interface WorkPlace {
  readonly work: Work;
  readonly imageId: number | undefined;
}

export function readWork(query: URLSearchParams, schema: KeypointSchema): WorkPlace {
  const loop = schema.keypoints.indexOf(query.get('loop') ?? '');
  const image = query.get('image') ?? '';
  return {
    work: { selection: readSelection(query), loop: loop < 0 ? undefined : loop },
    imageId: /^[1-9]\d{0,8}$/.test(image) ? Number(image) : undefined,
  };
}

export function writeWork({ work, imageId }: WorkPlace, schema: KeypointSchema): URLSearchParams {
  const query = writeSelection(work.selection);
  if (work.loop !== undefined) query.set('loop', schema.keypoints[work.loop]!);
  if (imageId !== undefined) query.set('image', String(imageId));
  return query;
}

/** Whether two works go through the same images in the same way. */
export function sameWork(a: Work, b: Work): boolean {
  return a.loop === b.loop && `${writeSelection(a.selection)}` === `${writeSelection(b.selection)}`;
}
