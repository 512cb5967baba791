/** The engines `onnx` and `webgpu`: onnxruntime-node executes graphs that hold whole training steps, on the processor or a graphics card. */
import type * as OnnxRuntime from 'onnxruntime-node';
import { type Engine, IMAGE, KEYPOINTS, type Predictor, type PredictorConfig } from '../engine.ts';
import { probeBlocks } from './blocked/probe.ts';
import { Graph } from './graph.ts';
import { inferenceModel } from './inference-graph.ts';
import { type Provider, sessionOptions } from './session-options.ts';
import { createTrainer } from './trainer.ts';

type Runtime = typeof OnnxRuntime;

/** Images that a predictor takes at once, so that its memory does not grow with their number. */
const PREDICTED_AT_ONCE = 64;

/**
 * @param maps how a network in training keeps them: in blocks of channels where this machine can (default), or plain, with standard operators only
 * @throws Error when onnxruntime-node cannot be loaded on this machine
 */
export async function loadOnnxEngine(maps: 'blocks' | 'plain' = 'blocks'): Promise<Engine> {
  const { default: runtime } = await import('onnxruntime-node');
  const block = async () => (maps === 'plain' ? undefined : (await probeBlocks()).size);
  return {
    name: 'onnx',
    version: runtime.env.versions.node ?? runtime.env.versions.common,
    createTrainer: async (config, start) =>
      createTrainer(config, start, { provider: 'cpu', block: await block() }),
    createPredictor: (config) => createPredictor(runtime, config, 'cpu'),
    async describe() {
      const blocks = await probeBlocks();
      return blocks.size === undefined
        ? `trains with standard operators, not with convolutions in blocks of channels: ${blocks.reason}`
        : `trains with convolutions in blocks of ${blocks.size} channels`;
    },
  };
}

/**
 * Forward and backward run on the graphics card, every operator of them; the optimizer's kernels stay on the processor.
 * @throws Error when there is no graphics card, or no driver that WebGPU takes
 */
export async function loadWebGpuEngine(): Promise<Engine> {
  const { default: runtime } = await import('onnxruntime-node');
  const graph = new Graph();
  graph.output('negative', graph.op('Neg', [graph.input('number', [1])]), [1]);
  const session = await runtime.InferenceSession.create(await graph.encode(), sessionOptions(1, 'webgpu'));
  await session.release();
  return {
    name: 'webgpu',
    version: runtime.env.versions.node ?? runtime.env.versions.common,
    createTrainer: (config, start) => createTrainer(config, start, { provider: 'webgpu', block: undefined }),
    createPredictor: (config) => createPredictor(runtime, config, 'webgpu'),
  };
}

async function createPredictor(
  runtime: Runtime,
  config: PredictorConfig,
  provider: Provider,
): Promise<Predictor> {
  const { width, height } = config.input;
  const session = await runtime.InferenceSession.create(
    await inferenceModel(config),
    sessionOptions(config.threads, provider),
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
