/**
 * A replica trains on its part of every batch. Replicas in threads of their own, which each do everything for their
 * samples, wait for each other once a step, where threads that share each operator wait hundreds of times.
 */
import type * as OnnxRuntime from 'onnxruntime-node';
import { isTrained, sizeOf } from '../../network/placed.ts';
import { dropoutMask } from '../dropout.ts';
import type { TrainerConfig } from '../engine.ts';
import { instantiateKernels } from './optimizer-kernels.ts';
import { updateRule } from './optimizer.ts';
import { type Provider, sessionOptions } from './session-options.ts';
import { gradientName, nextName, type Dropout } from './training-graph.ts';
import { addressOf, areaOf, type Layout, partOf } from './training-memory.ts';

/** What all replicas of a trainer share, and which of them this one is. */
export interface ReplicaTask {
  readonly config: TrainerConfig;
  readonly provider: Provider;
  /** The training graph for this replica's samples. */
  readonly model: Uint8Array;
  readonly dropouts: readonly Dropout[];
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Uint8Array<ArrayBuffer>;
  /** The batch: images, targets, mask of all its samples, in shared memory. */
  readonly batch: {
    readonly images: Float32Array;
    readonly targets: Float32Array;
    readonly mask: Float32Array;
  };
  /** One element: how often a replica has come to the point where all gradients are there. */
  readonly arrivals: Int32Array;
  readonly replica: number;
  readonly replicas: number;
  /** The first of its samples, and how many there are. */
  readonly first: number;
  readonly samples: number;
  readonly threads: number;
}

export interface StepOrder {
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** Values asked for in the whole batch, at least 1. */
  readonly count: number;
}

export interface Replica {
  /** @returns its part of the loss */
  step(order: StepOrder): Promise<number>;
  dispose(): Promise<void>;
}

export async function createReplica(task: ReplicaTask): Promise<Replica> {
  const { config, layout, memory, batch, replica, replicas, first, samples } = task;
  const { default: runtime } = await import('onnxruntime-node');
  const session = await runtime.InferenceSession.create(task.model, {
    // Beyond this level, maps would be reordered for each pooling and back.
    graphOptimizationLevel: 'extended',
    ...sessionOptions(task.threads, task.provider),
  });
  const kernels = await instantiateKernels(task.kernels, memory);
  const rule = updateRule(config.optimizer);
  const gradientArea = (of: number) => 1 + rule.slots.length + of;
  const parameters = areaOf(memory, layout, 0);
  const gradients = areaOf(memory, layout, gradientArea(replica));
  const part = (whole: Float32Array) => {
    const each = whole.length / config.batchSize;
    return whole.subarray(first * each, (first + samples) * each);
  };
  const tensor = (data: Float32Array, shape: readonly number[]) => new runtime.Tensor('float32', data, shape);
  const inputs: Record<string, OnnxRuntime.Tensor> = {
    images: tensor(part(batch.images), [samples, 1, config.input.height, config.input.width]),
    targets: tensor(part(batch.targets), [samples, config.outputs]),
    mask: tensor(part(batch.mask), [samples, config.outputs]),
  };
  const outputs: Record<string, OnnxRuntime.Tensor | null> = { loss: null };
  for (const { info, at } of layout.places) {
    const to = at + sizeOf(info.shape);
    inputs[info.name] = tensor(parameters.subarray(at, to), info.shape);
    const name = isTrained(info) ? gradientName(info.name) : nextName(info.name);
    outputs[name] = tensor(gradients.subarray(at, to), info.shape);
  }
  let steps = 0;

  return {
    async step({ step, learningRate, count }) {
      const feeds = {
        ...inputs,
        count: tensor(Float32Array.of(count), []),
        ...dropoutMasks(runtime, task, step),
      };
      const { loss, ...copies } = await session.run(feeds, outputs);
      free(copies);
      meet(task.arrivals, ++steps * replicas);
      update(step, learningRate);
      return (loss!.data as Float32Array)[0]!;
    },
    dispose: () => session.release(),
  };

  /** Adds up the gradients of all replicas for a part of the parameters, and changes that part. */
  function update(step: number, learningRate: number): void {
    const { decayedEnd, trainedEnd } = layout;
    for (const [from, to] of [
      [0, decayedEnd],
      [decayedEnd, trainedEnd],
    ] as const) {
      const [start, end] = partOf(from, to, replica, replicas);
      const count = end - start;
      const address = (area: number) => addressOf(layout, area, start);
      for (let other = 1; other < replicas; other++)
        kernels.add(address(gradientArea(0)), address(gradientArea(other)), count);
      const range = {
        count,
        parameter: address(0),
        gradient: address(gradientArea(0)),
        slots: rule.slots.map((_, slot) => address(1 + slot)),
        decayed: to === decayedEnd,
      };
      rule.update(kernels, range, step, learningRate);
    }
    // Only a network that a single replica trains has running statistics.
    parameters.set(gradients.subarray(trainedEnd), trainedEnd);
  }
}

/** onnxruntime-node returns a copy of every output, even of one that it has written where it was told to. They pile up until garbage is collected. */
function free(copies: Record<string, OnnxRuntime.Tensor>): void {
  for (const { data } of Object.values(copies)) (data as Float32Array<ArrayBuffer>).buffer.transfer(0);
}

/** Returns when the counter, which every replica raises by one, has reached the target. */
function meet(counter: Int32Array, target: number): void {
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
  for (let arrived = Atomics.load(counter, 0); arrived < target; arrived = Atomics.load(counter, 0))
    Atomics.wait(counter, 0, arrived);
}

function dropoutMasks(
  runtime: typeof OnnxRuntime,
  { config, dropouts, first, samples }: ReplicaTask,
  step: number,
): Record<string, OnnxRuntime.Tensor> {
  const masks = dropouts.map(({ name, layer }, index) => {
    const each = sizeOf(layer.input);
    const part = dropoutMask(config, layer, step, index).slice(first * each, (first + samples) * each);
    return [name, new runtime.Tensor('float32', part, [samples, ...layer.input])] as const;
  });
  return Object.fromEntries(masks);
}
