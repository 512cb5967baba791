/** What runs say of the workspace's images. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { imageFilter } from './cells.ts';
import { procedure } from './errors.ts';
import { point, runReference } from './runs.ts';

const predictionEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('done'), runId: z.number().int(), images: z.number().int() }),
]);
export type PredictionEvent = z.infer<typeof predictionEvent>;

export const predictionsContract = {
  /**
   * Lets a finished run say where the keypoints are: in the images that have missing cells and of which it has said
   * nothing yet; or in those that a filter asks for and of which it has not said how far its passes are apart. Leaving
   * the iterator ends it; what has been said by then is kept.
   */
  make: procedure
    .input(z.object({ run: runReference, filter: imageFilter.optional() }))
    .output(eventIterator(predictionEvent)),
  /** Where a finished run places the keypoints of a picture that the page has: in its pixels. Nothing of it is stored. */
  live: procedure
    .input(
      z
        .object({
          run: runReference,
          width: z.number().int().min(1).max(1024),
          height: z.number().int().min(1).max(1024),
          /** Gray, row by row, in base64. */
          pixels: z.base64(),
        })
        .refine(({ width, height, pixels }) => base64Bytes(pixels) === width * height, {
          error: 'pixels must hold width x height values',
        }),
    )
    .output(z.array(point)),
};

const base64Bytes = (text: string) =>
  (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
