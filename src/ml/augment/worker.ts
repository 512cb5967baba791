/** A thread of the augmentation pool: given the pixel kernel, it fills every `workers`-th step of the ring from its own first on, until it is ended. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { openPictures } from '../training/pictures.ts';
import { batchFiller, type BatchSource } from './batches.ts';
import { changePixelsIn } from './pixel-kernel.ts';
import { placeOf, type Ring, setTurn } from './ring.ts';

export interface WorkerJob {
  readonly source: BatchSource;
  readonly ring: Ring;
  readonly worker: number;
  readonly workers: number;
}

const { source, ring, worker, workers } = workerData as WorkerJob;
const [kernel] = (await once(parentPort!, 'message')) as [WebAssembly.Module];
const change = await changePixelsIn(kernel, source.input);
const fill = batchFiller(source, await openPictures(source.pictures), change);
for (let step = ring.firstStep + worker; ; step += workers) {
  const { slot, batch, free, full } = placeOf(ring, step);
  for (let turn = Atomics.load(ring.turns, slot); turn !== free; turn = Atomics.load(ring.turns, slot))
    Atomics.wait(ring.turns, slot, turn);
  fill(step, batch);
  setTurn(ring, slot, full);
}
