import { batchFiller, type BatchSource, emptyBatch } from '../augment/batches.ts';
import type { Trainer } from '../engine/engine.ts';
import type { PlacingTime } from './judge.ts';
import type { Pictures } from './pictures.ts';

/** How fast this machine is at the moment: running means that forget about 20 steps back. */
export class Clock {
  readonly #batchSize: number;
  #steps = 0;
  #seconds = 0;
  stepSeconds = 0;
  /** Validation and checkpoints. */
  epochEndSeconds = 0;
  #placing: PlacingTime = { ready: 0, image: 0 };

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  get imagesPerSecond(): number {
    return this.stepSeconds === 0 ? 0 : this.#batchSize / this.stepSeconds;
  }

  /** Over all steps since the clock was made. */
  get meanImagesPerSecond(): number {
    return this.#steps === 0 ? 0 : (this.#steps * this.#batchSize) / this.#seconds;
  }

  stepped(milliseconds: number): void {
    const seconds = milliseconds / 1000;
    this.#steps++;
    this.#seconds += seconds;
    this.stepSeconds = this.stepSeconds === 0 ? seconds : 0.95 * this.stepSeconds + 0.05 * seconds;
  }

  epochEnded(milliseconds: number, placing: PlacingTime): void {
    this.epochEndSeconds = milliseconds / 1000;
    this.#placing = placing;
  }

  /** Until so many images are placed by the finished network. */
  secondsToPlace(images: number): number {
    return this.#placing.ready + images * this.#placing.image;
  }

  secondsFor(steps: number, perEpoch: number): number {
    return steps * this.stepSeconds + Math.ceil(steps / perEpoch) * this.epochEndSeconds;
  }
}

/** Measures for about `seconds` how long a step takes, on a real batch, and puts the trainer back to where it was. */
export async function probe(
  trainer: Trainer,
  source: BatchSource,
  pictures: Pictures,
  clock: Clock,
  seconds: number,
): Promise<void> {
  const before = trainer.state();
  const batch = emptyBatch(source);
  batchFiller(source, pictures)(before.step, batch);
  const until = performance.now() + 1000 * seconds;
  for (let step = 0; step < 3 || performance.now() < until; step++) {
    const began = performance.now();
    await trainer.step(batch, 0);
    // The first steps warm caches up.
    if (step >= 2) clock.stepped(performance.now() - began);
  }
  trainer.restore(before);
}
