/** A small network with a layer of every kind, looked into. */
import type { Layer } from '../../../src/domain/network-spec.ts';
import { createObserver } from '../../../src/ml/engine/onnx/observer.ts';
import { INPUT } from '../../../src/ml/inspection/locate.ts';
import type { PlacedLayer } from '../../../src/ml/network/placed.ts';
import { shapeNetwork } from '../../../src/ml/network/shapes.ts';
import { everyLayer, randomBatch, randomParameters, smallConfig } from '../engine/small-networks.ts';

export async function observe(layers: Layer[] = everyLayer) {
  const config = smallConfig(layers, { width: 9, height: 8 });
  const parameters = randomParameters(config);
  const image = randomBatch(config).images.slice(0, 72);
  const observer = await createObserver({ ...config, parameters }, 'values');
  const valuesOf = async (picture: Float32Array) =>
    new Map(await observer.observe(picture)).set(INPUT, picture);
  const placed = shapeNetwork(config.spec, config.input, config.outputs).layers;
  return { config, parameters, image, layers: placed, valuesOf, values: await valuesOf(image) };
}

/** Those inside residual blocks too. */
export function everyPlaced(layers: readonly PlacedLayer[]): PlacedLayer[] {
  return layers.flatMap((layer) =>
    layer.type === 'residual' ? [...everyPlaced(layer.body), ...everyPlaced(layer.shortcut), layer] : [layer],
  );
}

/** Every value of a layer's output. */
export function cellsOf({ output: [channels, height = 1, width = 1] }: PlacedLayer) {
  return Array.from({ length: channels * height * width }, (_, at) => ({
    channel: Math.floor(at / (height * width)),
    row: Math.floor(at / width) % height,
    column: at % width,
  }));
}
