/** A bounded ring of batches in shared memory: workers fill slots, the trainer empties them, in the order of steps. */
import type { Batch } from '../engine/engine.ts';
import { emptyBatch, type BatchSource } from './batches.ts';

/** What crosses to a worker. Slot `step % slots` holds step's batch once `turns[slot]` says so. */
export interface Ring {
  readonly slots: readonly Batch[];
  /** Int32 a slot: 2n when it waits to be filled for the (n + 1)-th time, 2n + 1 when that is done. */
  readonly turns: Int32Array;
  /** The step that slot 0's first filling is for. */
  readonly firstStep: number;
}

export function createRing(source: BatchSource, slots: number, firstStep: number): Ring {
  const shared = (values: Float32Array) => new Float32Array(new SharedArrayBuffer(values.byteLength));
  const { images, targets, mask } = emptyBatch(source);
  return {
    slots: Array.from({ length: slots }, () => ({
      images: shared(images),
      targets: shared(targets),
      mask: shared(mask),
    })),
    turns: new Int32Array(new SharedArrayBuffer(4 * slots)),
    firstStep,
  };
}

/** Where `step` lives in the ring, and the turn at which its slot is free and at which it is full. */
export function placeOf(ring: Ring, step: number) {
  const count = step - ring.firstStep;
  const slot = count % ring.slots.length;
  const free = 2 * Math.floor(count / ring.slots.length);
  return { slot, batch: ring.slots[slot]!, free, full: free + 1 };
}

export function setTurn(ring: Ring, slot: number, turn: number): void {
  Atomics.store(ring.turns, slot, turn);
  Atomics.notify(ring.turns, slot);
}
