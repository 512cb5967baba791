/** What runs say of the workspace's images. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './errors.ts';
import { runReference } from './runs.ts';

const predictionEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('done'), runId: z.number().int(), images: z.number().int() }),
]);
export type PredictionEvent = z.infer<typeof predictionEvent>;

export const predictionsContract = {
  /**
   * Lets a finished run say where the keypoints are in the images that have missing cells and of which it has said
   * nothing yet. Leaving the iterator ends it; what has been said by then is kept.
   */
  make: procedure.input(z.object({ run: runReference })).output(eventIterator(predictionEvent)),
};
