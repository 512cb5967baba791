/** The network in use, as an ONNX model of standard operators with the parameters inside. */
import { shapeNetwork } from '../../network/shapes.ts';
import { IMAGE, KEYPOINTS, type PredictorConfig } from '../engine.ts';
import { Graph } from './graph.ts';
import { sequence } from './layers/layers.ts';
import type { Tape } from './tape.ts';

/**
 * @param metadata goes into the model's metadata_props
 * @returns the bytes of a model with input `image` [n, 1, height, width] and output `keypoints` [n, outputs]
 * @throws Error when a parameter is missing
 */
export function inferenceModel(
  { spec, input, outputs, parameters }: Omit<PredictorConfig, 'threads'>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const { layers } = shapeNetwork(spec, input, outputs);
  const graph = new Graph();
  const parameter: Tape['parameter'] = ({ name, shape }) => {
    const found = parameters.get(name);
    if (found?.shape.join() !== shape.join())
      throw new Error(
        `parameter ${name} [${shape.join()}] is ${found ? `[${found.shape.join()}]` : 'missing'}`,
      );
    return graph.tensor(name, shape, found.data);
  };
  const tape: Tape = {
    graph,
    batch: 1,
    training: false,
    block: undefined,
    picture: IMAGE,
    parameter,
    once: (_key, write) => write(),
    sums: new Map(),
    addGradient: neverTrained,
    accumulate: neverTrained,
    setRunningStatistic: neverTrained,
    dropoutMask: neverTrained,
  };
  const image = graph.input(IMAGE, ['n', 1, input.height, input.width]);
  graph.output(KEYPOINTS, sequence(tape, layers, image).output, ['n', outputs]);
  return graph.encode(metadata);
}

function neverTrained(): never {
  throw new Error('a network in use does not learn');
}
