import { expect, test } from 'vitest';
import { loadOnnxEngine } from '../../../src/ml/engine/onnx/engine.ts';
import { createObserver } from '../../../src/ml/engine/onnx/observer.ts';
import { sizeOf } from '../../../src/ml/network/placed.ts';
import { everyLayer, randomBatch } from '../engine/small-networks.ts';
import { observe } from './observed.ts';

test('what a layer is seen to come to is what the engine predicts when the network ends there', async () => {
  const { config, parameters, image, layers, values } = await observe();
  const engine = await loadOnnxEngine();
  for (const [index, layer] of layers.slice(0, -1).entries()) {
    const outputs = sizeOf(layer.output);
    const identity = new Float32Array(outputs * outputs).map((_, at) => (at % (outputs + 1) === 0 ? 1 : 0));
    const predictor = await engine.createPredictor({
      ...config,
      outputs,
      spec: {
        layers: [
          ...everyLayer.slice(0, index + 1),
          ...(layer.output.length === 3 ? [{ type: 'flatten' } as const] : []),
        ],
      },
      parameters: new Map([
        ...parameters,
        ['output.weight', { shape: [outputs, outputs], data: identity }],
        ['output.bias', { shape: [outputs], data: new Float32Array(outputs) }],
      ]),
    });
    const own = await predictor.predict(image);
    await predictor.dispose();
    expect(values.get(layer.name)!.length, layer.name).toBe(outputs);
    own.forEach((value, i) => expect(values.get(layer.name)![i], layer.name).toBeCloseTo(value, 4));
  }
});

test('the last layer is what the engine predicts', async () => {
  const { config, parameters, image, values } = await observe();
  const predictor = await (await loadOnnxEngine()).createPredictor({ ...config, parameters });
  const predicted = await predictor.predict(image);
  predicted.forEach((value, i) => expect(values.get('output')![i]).toBeCloseTo(value, 5));
});

test('peaks are the largest values of each channel, for each picture', async () => {
  const { config, parameters, layers, valuesOf } = await observe();
  const { images } = randomBatch(config);
  const observer = await createObserver({ ...config, parameters }, 'peaks');
  const peaks = await observer.observe(images);
  expect(peaks.has('flatten1')).toBe(false);
  for (let i = 0; i < 3; i++) {
    const values = await valuesOf(images.slice(72 * i, 72 * (i + 1)));
    for (const { name, output } of layers.filter(({ type }) => type !== 'flatten')) {
      const [channels] = output;
      const own = values.get(name)!;
      const size = own.length / channels;
      for (let channel = 0; channel < channels; channel++)
        expect(peaks.get(name)![i * channels + channel], name).toBeCloseTo(
          Math.max(...own.subarray(channel * size, (channel + 1) * size)),
          5,
        );
    }
  }
});

test('a network that begins with dropout is looked into as well', async () => {
  const { image, values } = await observe([{ type: 'dropout', rate: 0.5 }, { type: 'flatten' }]);
  expect(values.get('dropout1')).toEqual(image);
  expect(values.get('flatten1')).toEqual(image);
});
