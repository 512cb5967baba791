/** The engine `onnx`: onnxruntime-node executes graphs that hold whole training steps. */
import type * as OnnxRuntime from 'onnxruntime-node';
import { randomStream } from '../../../domain/random.ts';
import type { Engine, Parameters, Predictor, PredictorConfig, Trainer, TrainerConfig } from '../engine.ts';
import { inferenceModel, IMAGE, KEYPOINTS } from './inference-graph.ts';
import { updateRule } from './optimizer.ts';
import { trainingGraph, type TrainingGraph } from './training-graph.ts';
import { TrainingState } from './training-state.ts';

type Runtime = typeof OnnxRuntime;

/** Names the random streams of dropout among those of a run. */
const DROPOUT = 0xd509;
/** Images that a predictor takes at once, so that its memory does not grow with their number. */
const PREDICTED_AT_ONCE = 64;

/** @throws Error when onnxruntime-node cannot be loaded on this machine */
export async function loadOnnxEngine(): Promise<Engine> {
  const { default: runtime } = await import('onnxruntime-node');
  return {
    name: 'onnx',
    version: runtime.env.versions.node ?? runtime.env.versions.common,
    createTrainer: (config, start) => createTrainer(runtime, config, start),
    createPredictor: (config) => createPredictor(runtime, config),
  };
}

function sessionOptions(threads: number): OnnxRuntime.InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // A plan of all the memory is made after the first run, and takes its place beside what that run took.
    enableMemPattern: false,
    // A thread waits in a loop for as long as the next operator is likely to come, then sleeps: without the loop training is
    // a tenth slower, and with an endless one it loses half beside the threads that prepare batches.
    extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: '200' } } },
    logSeverityLevel: 3,
  };
}

async function createTrainer(runtime: Runtime, config: TrainerConfig, start: Parameters): Promise<Trainer> {
  const training = trainingGraph(config);
  const { batchSize, outputs, input } = config;
  const state = await TrainingState.create(runtime, training.parameters, updateRule(config.optimizer));
  state.start(start);
  const session = await runtime.InferenceSession.create(await training.graph.encode(), {
    ...sessionOptions(config.threads),
    // Beyond this level, maps would be reordered for each pooling and back.
    graphOptimizationLevel: 'extended',
  });
  let steps = 0;
  const tensor = (data: Float32Array, shape: readonly number[]) => new runtime.Tensor('float32', data, shape);

  return {
    async step(batch, learningRate) {
      steps++;
      const feeds: Record<string, OnnxRuntime.Tensor> = {
        images: tensor(batch.images, [batchSize, 1, input.height, input.width]),
        targets: tensor(batch.targets, [batchSize, outputs]),
        mask: tensor(batch.mask, [batchSize, outputs]),
        ...dropoutMasks(runtime, training, config, steps),
        ...state.inputs,
      };
      const { loss } = await session.run(feeds, { loss: null, ...state.outputs });
      state.advance(steps, learningRate);
      return { loss: (loss!.data as Float32Array)[0]! };
    },
    state: () => ({ step: steps, ...state.copy() }),
    restore(saved) {
      state.set(saved);
      steps = saved.step;
    },
    dispose: () => session.release(),
  };
}

/** Drawn from the seed and the step, so that a resumed run drops the same values. */
function dropoutMasks(
  runtime: Runtime,
  { dropouts }: TrainingGraph,
  { batchSize, seed }: TrainerConfig,
  step: number,
): Record<string, OnnxRuntime.Tensor> {
  const masks = dropouts.map(({ name, layer }, index) => {
    const shape = [batchSize, ...layer.input];
    const random = randomStream(seed, DROPOUT, step, index);
    const kept = 1 / (1 - layer.rate);
    const mask = new Float32Array(shape.reduce((product, side) => product * side));
    for (let at = 0; at < mask.length; at++) mask[at] = random.uniform() < layer.rate ? 0 : kept;
    return [name, new runtime.Tensor('float32', mask, shape)] as const;
  });
  return Object.fromEntries(masks);
}

async function createPredictor(runtime: Runtime, config: PredictorConfig): Promise<Predictor> {
  const { width, height } = config.input;
  const session = await runtime.InferenceSession.create(
    await inferenceModel(config),
    sessionOptions(config.threads),
  );
  return {
    async predict(images) {
      const count = images.length / (width * height);
      const predicted = new Float32Array(count * config.outputs);
      for (let first = 0; first < count; first += PREDICTED_AT_ONCE) {
        const some = images.subarray(first * width * height, (first + PREDICTED_AT_ONCE) * width * height);
        const shape = [some.length / (width * height), 1, height, width];
        const result = await session.run({ [IMAGE]: new runtime.Tensor('float32', some, shape) });
        predicted.set(result[KEYPOINTS]!.data as Float32Array, first * config.outputs);
      }
      return predicted;
    },
    dispose: () => session.release(),
  };
}
