/** Looks into a network while it is in use. */
import { observedModel } from './inference-graph.ts';
import { sessionOptions } from './session-options.ts';
import { IMAGE, type PredictorConfig } from '../engine.ts';

export interface Observer {
  /**
   * @param images [n, 1, height, width] for any n
   * @returns by the layers' names, `output` last: `values` [n, ...output] or `peaks` [n, channels]
   */
  observe(images: Float32Array): Promise<ReadonlyMap<string, Float32Array>>;
  dispose(): Promise<void>;
}

/** @param what `values`: all that each layer comes to; `peaks`: the largest value of each channel */
export async function createObserver(config: PredictorConfig, what: 'values' | 'peaks'): Promise<Observer> {
  const { default: runtime } = await import('onnxruntime-node');
  const { width, height } = config.input;
  const { model, outputs } = await observedModel(config, what);
  const session = await runtime.InferenceSession.create(model, sessionOptions(config.threads));
  return {
    async observe(images) {
      const shape = [images.length / (width * height), 1, height, width];
      const result = await session.run({ [IMAGE]: new runtime.Tensor('float32', images, shape) });
      const dataOf = (name: string) => (name === IMAGE ? images : (result[name]!.data as Float32Array));
      return new Map(Array.from(outputs, ([layer, name]) => [layer, dataOf(name)]));
    },
    dispose: () => session.release(),
  };
}
