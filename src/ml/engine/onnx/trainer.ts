/** A network in training: replicas in threads of their own, and the memory that they share. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sizeOf } from '../../network/placed.ts';
import { shapeNetwork } from '../../network/shapes.ts';
import { checkParameters } from '../check-parameters.ts';
import type { Parameters, Tensor, Trainer, TrainerConfig } from '../engine.ts';
import { compileKernels } from './optimizer-kernels.ts';
import { updateRule } from './optimizer.ts';
import { createReplica, type Replica, type ReplicaTask, type StepOrder } from './replica.ts';
import { hasBatchNorm } from './training-graph.ts';
import { areaOf, createMemory, layOut } from './training-memory.ts';

/** More of them have not been measured; on more cores each has several threads. */
const MOST_REPLICAS = 2;
/**
 * Replicas hand each other all gradients in every step. On two cores a network of 1.7 million parameters gains a quarter
 * by them; one of 8 million gains nothing, and takes half as much memory again.
 */
const MOST_SHARED_PARAMETERS = 4_000_000;

/** @throws Error when the start is not this network's parameters */
export async function createTrainer(config: TrainerConfig, start: Parameters): Promise<Trainer> {
  const { batchSize, threads, input, outputs } = config;
  const network = shapeNetwork(config.spec, input, outputs);
  const layout = layOut(network.parameters);
  const { slots } = updateRule(config.optimizer);
  // Batch norm needs the whole batch.
  const whole = network.parameterCount > MOST_SHARED_PARAMETERS || network.layers.some(hasBatchNorm);
  const count = whole ? 1 : Math.min(MOST_REPLICAS, threads, batchSize);
  const memory = createMemory(layout, 1 + slots.length + count, count > 1);
  const tensorsOf = (
    area: number,
    rename: (name: string) => string,
    trainedOnly: boolean,
  ): [string, Tensor][] => {
    const values = areaOf(memory, layout, area);
    return layout.places
      .filter(({ at }) => !trainedOnly || at < layout.trainedEnd)
      .map(({ info: { name, shape }, at }) => [
        rename(name),
        { shape, data: values.subarray(at, at + sizeOf(shape)) },
      ]);
  };
  const parameters: Parameters = new Map(tensorsOf(0, (name) => name, false));
  const moments: Parameters = new Map(
    slots.flatMap((slot, index) => tensorsOf(1 + index, (name) => `${name}/${slot}`, true)),
  );
  checkParameters(start, parameters);
  write(start, parameters);

  const array = (length: number) =>
    count === 1
      ? new Float32Array(length)
      : new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
  const batch = {
    images: array(batchSize * input.width * input.height),
    targets: array(batchSize * outputs),
    mask: array(batchSize * outputs),
  };
  const arrivals = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const kernels = await compileKernels(count > 1);
  const tasks = Array.from({ length: count }, (_, replica): ReplicaTask => {
    const first = Math.floor((batchSize * replica) / count);
    const samples = Math.floor((batchSize * (replica + 1)) / count) - first;
    const share = {
      replica,
      replicas: count,
      first,
      samples,
      threads: Math.max(1, Math.floor(threads / count)),
    };
    return { config, layout, memory, kernels, batch, arrivals, ...share };
  });
  const workers: Worker[] = [];
  const replicas = count === 1 ? [await createReplica(tasks[0]!)] : tasks.map(inThread);
  let steps = 0;

  return {
    async step({ images, targets, mask }, learningRate) {
      batch.images.set(images);
      batch.targets.set(targets);
      batch.mask.set(mask);
      const asked = mask.reduce((sum, value) => sum + value, 0);
      const order: StepOrder = { step: ++steps, learningRate, count: Math.max(1, asked) };
      try {
        const losses = await Promise.all(replicas.map((replica) => replica.step(order)));
        return { loss: losses.reduce((sum, loss) => sum + loss) };
      } catch (error) {
        // The others wait for the gradients of the one that failed.
        await Promise.all(workers.map((worker) => worker.terminate()));
        throw error;
      }
    },
    state: () => ({ step: steps, parameters: copyOf(parameters), slots: copyOf(moments) }),
    restore(saved) {
      checkParameters(saved.parameters, parameters);
      checkParameters(saved.slots, moments);
      write(saved.parameters, parameters);
      write(saved.slots, moments);
      steps = saved.step;
    },
    async dispose() {
      await Promise.all(replicas.map((replica) => replica.dispose()));
    },
  };

  function inThread(task: ReplicaTask): Replica {
    const worker = new Worker(new URL('./replica-worker.ts', import.meta.url), { workerData: task });
    workers.push(worker);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    return {
      async step(order) {
        const answered = once(worker, 'message') as Promise<[number]>;
        worker.postMessage(order);
        return (await answered)[0];
      },
      async dispose() {
        worker.postMessage('end');
        await ended;
      },
    };
  }
}

function write(values: Parameters, to: Parameters): void {
  for (const [name, { data }] of values) to.get(name)!.data.set(data);
}

function copyOf(tensors: Parameters): Parameters {
  return new Map(Array.from(tensors, ([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
}
