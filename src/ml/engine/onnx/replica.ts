/**
 * A replica trains on its part of every batch. Replicas in threads of their own, which each do everything for their
 * samples, wait for each other once a step, where threads that share each operator wait hundreds of times.
 */
import type * as OnnxRuntime from 'onnxruntime-node';
import { isTrained, sizeOf } from '../../network/placed.ts';
import { dropoutMask } from '../dropout.ts';
import type { TrainerConfig } from '../engine.ts';
import { free } from './free.ts';
import { createJointProduct, type JointProduct } from './joint-product.ts';
import { instantiateKernels } from './optimizer-kernels.ts';
import { updateRule } from './optimizer.ts';
import { type Provider, sessionOptions } from './session-options.ts';
import { gradientName, jointNames, nextName, type Dropout } from './training-graph.ts';
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
  readonly kernels: WebAssembly.Module;
  /** The batch: images, targets, mask of all its samples, in shared memory. */
  readonly batch: {
    readonly images: Float32Array;
    readonly targets: Float32Array;
    readonly mask: Float32Array;
  };
  /** Products over the whole batch, of which each replica computes some rows. */
  readonly joint: readonly JointProduct[];
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
    const product = task.joint.find(({ info: { name } }) => name === info.name);
    if (product) {
      const names = jointNames(info.name);
      const [read, written] = info.shape as [number, number];
      outputs[names.inputs] = tensor(part(product.inputs), [samples, read]);
      outputs[names.gradients] = tensor(part(product.gradients), [samples, written]);
    } else {
      const name = isTrained(info) ? gradientName(info.name) : nextName(info.name);
      outputs[name] = tensor(gradients.subarray(at, to), info.shape);
    }
  }
  const whole = areaOf(memory, layout, gradientArea(0));
  const products = await Promise.all(
    task.joint.map((product) => createJointProduct(runtime, product, task, whole)),
  );
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
      for (const product of products) {
        await product.compute();
        change(product.from, product.to, true, step, learningRate);
      }
      update(step, learningRate);
      return (loss!.data as Float32Array)[0]!;
    },
    async dispose() {
      await session.release();
      await Promise.all(products.map((product) => product.dispose()));
    },
  };

  /** Adds up the gradients of all replicas for a part of the parameters, and changes that part. */
  function update(step: number, learningRate: number): void {
    const { jointEnd, decayedEnd, trainedEnd } = layout;
    for (const [from, to] of [
      [jointEnd, decayedEnd],
      [decayedEnd, trainedEnd],
    ] as const) {
      const [start, end] = partOf(from, to, replica, replicas);
      const gradientAt = (of: number) => addressOf(layout, gradientArea(of), start);
      for (let other = 1; other < replicas; other++)
        kernels.add(gradientAt(0), gradientAt(other), end - start);
      change(start, end, to === decayedEnd, step, learningRate);
    }
    // Only a network that a single replica trains has running statistics.
    parameters.set(gradients.subarray(trainedEnd), trainedEnd);
  }

  /** Changes the parameters that stand in [start, end), by the gradients of the first area. */
  function change(start: number, end: number, decayed: boolean, step: number, learningRate: number): void {
    const address = (area: number) => addressOf(layout, area, start);
    const range = {
      count: end - start,
      parameter: address(0),
      gradient: address(gradientArea(0)),
      slots: rule.slots.map((_, slot) => address(1 + slot)),
      decayed,
    };
    rule.update(kernels, range, step, learningRate);
  }
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
