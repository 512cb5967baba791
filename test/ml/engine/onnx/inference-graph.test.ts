import proto from 'onnx-proto';
import ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { loadOnnxEngine } from '../../../../src/ml/engine/onnx/engine.ts';
import { inferenceModel } from '../../../../src/ml/engine/onnx/inference-graph.ts';
import type { Layer } from '../../../../src/domain/network-spec.ts';
import { randomBatch, randomParameters, smallConfig } from '../small-networks.ts';

const layers: Layer[] = [
  { type: 'conv', filters: 3, kernel: 3 },
  { type: 'batchNorm' },
  { type: 'relu' },
  { type: 'maxPool', size: 2 },
  { type: 'residual', body: [{ type: 'conv', filters: 4, kernel: 1 }] },
  { type: 'globalAveragePool' },
  { type: 'dropout', rate: 0.5 },
];
const config = smallConfig(layers, { width: 9, height: 8 });
const parameters = randomParameters(config);
const { images } = randomBatch(config);

test('an exported model stands on its own: any runtime turns `image` into `keypoints`', async () => {
  const session = await ort.InferenceSession.create(await inferenceModel({ ...config, parameters }));
  const result = await session.run({ image: new ort.Tensor('float32', images, [3, 1, 8, 9]) });
  const engine = await loadOnnxEngine();
  const predictor = await engine.createPredictor({ ...config, parameters });
  expect(result.keypoints!.dims).toEqual([3, 4]);
  expect(result.keypoints!.data).toEqual(await predictor.predict(images));
});

test('an exported model holds standard operators only, and the metadata it is given', async () => {
  const bytes = await inferenceModel(
    { ...config, parameters },
    { keypoints: 'left_eye,nose', scale: '1/255' },
  );
  const model = proto.onnx.ModelProto.decode(bytes);
  expect(model.opsetImport.map(({ domain }) => domain)).toEqual(['']);
  expect(model.graph!.node!.every(({ domain }) => !domain)).toBe(true);
  expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([
    ['keypoints', 'left_eye,nose'],
    ['scale', '1/255'],
  ]);
});

test('a missing parameter is named', () => {
  const fewer = new Map([...parameters].filter(([name]) => name !== 'conv1.bias'));
  expect(() => inferenceModel({ ...config, parameters: fewer })).toThrow(
    'parameter conv1.bias [3] is missing',
  );
});
