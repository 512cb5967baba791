/** Which values dropout drops. */
import { randomStream } from '../../domain/random.ts';
import { sizeOf, type DropoutLayer } from '../network/placed.ts';

/** Names these random streams among those of a run. */
const DROPOUT = 0xd509;

/**
 * Drawn for the whole batch from the seed and the step, so that neither the engine, nor resuming, nor how an engine
 * divides the batch changes it.
 * @param step counted from 1; @param index of the layer among the network's dropout layers
 * @returns [batchSize, ...input]: 0 for a dropped value, else 1 / (1 - rate)
 */
export function dropoutMask(
  { batchSize, seed }: { readonly batchSize: number; readonly seed: number },
  layer: DropoutLayer,
  step: number,
  index: number,
): Float32Array {
  const random = randomStream(seed, DROPOUT, step, index);
  const kept = 1 / (1 - layer.rate);
  const mask = new Float32Array(batchSize * sizeOf(layer.input));
  for (let at = 0; at < mask.length; at++) mask[at] = random.uniform() < layer.rate ? 0 : kept;
  return mask;
}
