/** A network in training: replicas in threads of their own, and the memory that they share. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ParameterInfo, sizeOf } from '../../network/placed.ts';
import { shapeNetwork } from '../../network/shapes.ts';
import type { Parameters, Trainer, TrainerConfig } from '../engine.ts';
import { compileKernels } from './optimizer-kernels.ts';
import { updateRule } from './optimizer.ts';
import { isDenseInBlocks } from './blocked/dense.ts';
import type { JointProduct } from './joint-product.ts';
import { createReplica, type Replica, type ReplicaTask, type StepOrder } from './replica.ts';
import { takesSharedMemory } from './shared-memory.ts';
import type { JointForm } from './tape.ts';
import { hasBatchNorm, type Target, trainingGraph } from './training-graph.ts';
import { createMemory, layOut } from './training-memory.ts';
import { TrainingState } from './training-state.ts';

/** More of them have not been measured; on more cores each has several threads. */
const MOST_REPLICAS = 2;

/** Of a dense layer: smaller ones stay in the processor's cache, and a product of their own costs more than it saves. */
const JOINT_WEIGHTS = 1_000_000;

/** @throws Error when the start is not this network's parameters */
export async function createTrainer(
  config: TrainerConfig,
  start: Parameters,
  target: Target,
): Promise<Trainer> {
  const { batchSize, threads, input, outputs } = config;
  const network = shapeNetwork(config.spec, input, outputs);
  const { slots } = updateRule(config.optimizer);
  // Batch norm needs the whole batch, and a graphics card is one.
  const isWhole = network.layers.some(hasBatchNorm) || target.provider === 'webgpu';
  const most = isWhole ? 1 : Math.min(MOST_REPLICAS, threads, batchSize);
  const count = most > 1 && !(await takesSharedMemory()) ? 1 : most;
  // Each replica multiplies a part of the rows for all samples, instead of all rows for a part of the samples: the gradient
  // is written once, and nothing has to be added up.
  const isJoint = ({ role, shape }: ParameterInfo) =>
    count > 1 &&
    role === 'weight' &&
    shape.length === 2 &&
    shape[1]! >= 4 * count &&
    sizeOf(shape) >= JOINT_WEIGHTS;
  const layout = layOut(network.parameters, isJoint);
  const memory = createMemory(layout, 1 + slots.length + count, count > 1);
  const shares = Array.from({ length: count }, (_, replica) => {
    const first = Math.floor((batchSize * replica) / count);
    return { first, samples: Math.floor((batchSize * (replica + 1)) / count) - first };
  });
  const parts = shares.map(({ samples }) => samples);
  const jointForm = (info: ParameterInfo): JointForm | undefined => {
    if (!isJoint(info)) return undefined;
    return isDenseInBlocks(target.block, info, parts) ? 'blocks' : 'rows';
  };
  const graphs = parts.map((samples) => trainingGraph(config, samples, target, jointForm));
  const state = new TrainingState(memory, layout, slots, graphs[0]!.arrangements);
  state.write(start);

  const array = (length: number) =>
    count === 1
      ? new Float32Array(length)
      : new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
  const batch = {
    images: array(batchSize * input.width * input.height),
    targets: array(batchSize * outputs),
    mask: array(batchSize * outputs),
  };
  const joint = network.parameters.filter(isJoint).map((info): JointProduct => {
    const [read, written] = info.shape as [number, number];
    const block = jointForm(info) === 'blocks' ? target.block : undefined;
    return { info, block, inputs: array(batchSize * read), gradients: array(batchSize * written) };
  });
  const arrivals = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const kernels = await compileKernels(count > 1);
  const tasks = await Promise.all(
    graphs.map(async ({ graph, dropouts }, replica): Promise<ReplicaTask> => {
      const model = await graph.encode();
      const { provider } = target;
      const common = { config, provider, layout, memory, kernels, batch, joint, arrivals, replicas: count };
      return {
        ...common,
        ...shares[replica]!,
        model,
        dropouts,
        replica,
        threads: Math.max(1, Math.floor(threads / count)),
      };
    }),
  );
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
    state: () => ({ step: steps, ...state.read() }),
    restore(saved) {
      state.write(saved.parameters, saved.slots);
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
