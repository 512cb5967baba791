import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Batch } from '../engine/engine.ts';
import { emptyBatch, type BatchSource } from './batches.ts';
import { compilePixelKernel } from './pixel-kernel.ts';
import { createRing, placeOf, type Ring, setTurn } from './ring.ts';
import type { WorkerJob } from './worker.ts';

/** Batches ready ahead of the trainer: enough to ride out a hiccup, little enough to keep memory small. */
const readyAhead = 4;

/**
 * Prepares batches in threads of its own, so that the engine never waits for one. The order is that of the steps and the
 * content that of batchFiller with pixel-kernel.ts, whatever the number of threads.
 */
export class BatchPool {
  readonly #ring: Ring;
  readonly #workers: Worker[];
  /** Outside shared memory, because engines do not read shared memory: the one given out, and the one that is next. */
  readonly #batches: readonly [Batch, Batch];
  readonly #broken: Promise<never>;
  #step: number;
  #next: Promise<Batch>;

  /**
   * @param source points and images on SharedArrayBuffers, or they are copied to every thread
   * @param firstStep the step of the first batch that next() gives
   * @param workers by default one for every four cores: a thread augments several times what four cores train on
   */
  constructor(source: BatchSource, firstStep: number, workers = Math.ceil(availableParallelism() / 4)) {
    this.#ring = createRing(source, Math.max(readyAhead, 2 * workers), firstStep);
    this.#step = firstStep;
    this.#batches = [emptyBatch(source), emptyBatch(source)];
    this.#workers = Array.from({ length: workers }, (_, worker) => {
      const job: WorkerJob = { source, ring: this.#ring, worker, workers };
      return new Worker(new URL('./worker.ts', import.meta.url), { workerData: job });
    });
    const given = compilePixelKernel().then((kernel) => {
      for (const worker of this.#workers) worker.postMessage(kernel);
    });
    this.#broken = new Promise((_, reject) => {
      given.catch(reject);
      for (const worker of this.#workers) worker.once('error', reject);
    });
    this.#broken.catch(() => undefined);
    this.#next = this.#take();
    this.#next.catch(() => undefined);
  }

  /**
   * The next step's batch, valid until next() is called again.
   * @throws whatever a thread failed with.
   */
  async next(): Promise<Batch> {
    const batch = await this.#next;
    // While the engine is at work on this one.
    this.#next = setImmediate().then(() => this.#take());
    this.#next.catch(() => undefined); // thrown when it is asked for
    return batch;
  }

  async #take(): Promise<Batch> {
    const copy = this.#batches[this.#step % 2]!;
    const { slot, batch, free, full } = placeOf(this.#ring, this.#step++);
    const { turns } = this.#ring;
    for (let turn = Atomics.load(turns, slot); turn !== full; turn = Atomics.load(turns, slot))
      await Promise.race([Atomics.waitAsync(turns, slot, turn).value, this.#broken]);
    copy.images.set(batch.images);
    copy.targets.set(batch.targets);
    copy.mask.set(batch.mask);
    setTurn(this.#ring, slot, free + 2);
    return copy;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
