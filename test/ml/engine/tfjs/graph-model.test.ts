import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import type { Layer } from '../../../../src/domain/network-spec.ts';
import { loadOnnxEngine } from '../../../../src/ml/engine/onnx/engine.ts';
import { graphModel, type GraphModelFiles } from '../../../../src/ml/engine/tfjs/graph-model.ts';
import { everyLayer, randomBatch, randomParameters, smallConfig } from '../small-networks.ts';

/** As a page would load it: plain TensorFlow.js, on its CPU back end. */
async function load({ model, weights }: GraphModelFiles): Promise<tf.GraphModel> {
  await tf.setBackend('cpu');
  const { modelTopology, weightsManifest, ...rest } = JSON.parse(model) as tf.io.ModelJSON;
  return tf.loadGraphModel({
    load: () =>
      Promise.resolve({
        ...rest,
        modelTopology,
        weightSpecs: weightsManifest[0]!.weights,
        weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength),
      } as tf.io.ModelArtifacts),
  });
}

const input = { width: 9, height: 8 };
const networks: Record<string, Layer[]> = {
  'every layer': everyLayer,
  'a residual block that shrinks a map of odd sides': [
    {
      type: 'residual',
      body: [
        { type: 'conv', filters: 3, kernel: 3, stride: 2, padding: 'same', bias: false },
        { type: 'batchNorm' },
      ],
    },
    { type: 'globalAveragePool' },
  ],
  'normalised lists': [
    { type: 'conv', filters: 2, kernel: [3, 2] },
    { type: 'flatten' },
    { type: 'dense', units: 5, bias: false },
    { type: 'batchNorm' },
    { type: 'relu' },
  ],
  'heat maps': [
    { type: 'conv', filters: 3, kernel: 2, stride: 2 },
    { type: 'heatMap', cells: 3 },
  ],
  'no layer but the output': [{ type: 'flatten' }],
};

test.each(Object.entries(networks))(
  'TensorFlow.js alone turns `image` into the `keypoints` that the engine finds: %s',
  async (_name, layers) => {
    const config = smallConfig(layers, input);
    const parameters = randomParameters(config);
    const { images } = randomBatch(config);
    const predictor = await (await loadOnnxEngine()).createPredictor({ ...config, parameters });
    const expected = await predictor.predict(images);

    const model = await load(graphModel({ ...config, parameters }));
    const found = model.predict(tf.tensor(images, [3, 8, 9, 1])) as tf.Tensor;
    expect(found.shape).toEqual([3, 4]);
    const values = await found.data();
    expected.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 4));
  },
);

test('the model says what it is given as metadata', async () => {
  const config = smallConfig([{ type: 'flatten' }], input);
  const model = await load(
    graphModel({ ...config, parameters: randomParameters(config) }, { keypoints: 'left_eye,nose' }),
  );
  expect(model.metadata).toEqual({ keypoints: 'left_eye,nose' });
  expect(model.inputs.map(({ name, shape }) => [name, shape])).toEqual([['image', [-1, 8, 9, 1]]]);
});

test('a missing parameter is named', () => {
  const config = smallConfig([{ type: 'flatten' }], input);
  expect(() => graphModel({ ...config, parameters: new Map() })).toThrow('output.weight [72,4] is missing');
});
