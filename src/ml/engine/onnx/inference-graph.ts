/** The network in use, as an ONNX model of standard operators with the parameters inside. */
import { isMap } from '../../network/placed.ts';
import { shapeNetwork } from '../../network/shapes.ts';
import { IMAGE, KEYPOINTS, type PredictorConfig } from '../engine.ts';
import { Graph } from './graph.ts';
import { sequence } from './layers/layers.ts';
import type { Tape } from './tape.ts';

/** A network without what it takes to run it. */
type Network = Omit<PredictorConfig, 'threads'>;

/**
 * @param metadata goes into the model's metadata_props
 * @returns the bytes of a model with input `image` [n, 1, height, width] and output `keypoints` [n, outputs]
 * @throws Error when a parameter is missing
 */
export function inferenceModel(
  network: Network,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  return writeNetwork(new Graph(), network).encode(metadata);
}

/**
 * As inferenceModel, with more outputs: `values` are what each layer comes to, [n, ...output]; `peaks` the largest
 * value of each of its channels, [n, channels].
 * @returns the names of the outputs by the layers' names; layers that change nothing share one
 */
export async function observedModel(
  network: Network,
  what: 'values' | 'peaks',
): Promise<{ model: Uint8Array; outputs: ReadonlyMap<string, string> }> {
  const graph = new Graph();
  const outputs = new Map<string, string>();
  const named = new Map([[IMAGE, IMAGE]]);
  writeNetwork(graph, network, (layer, value) => {
    const name = named.get(value) ?? (layer.name === 'output' ? KEYPOINTS : layer.name);
    // A flattened map has no channels, and the picture none that anybody has learned.
    if (what === 'peaks' && (layer.type === 'flatten' || name === IMAGE)) return;
    outputs.set(layer.name, name);
    if (named.has(value)) return;
    named.set(value, name);
    if (name === KEYPOINTS) return;
    if (what === 'values') graph.output(name, value, ['n', ...layer.output]);
    else if (isMap(layer.output)) {
      const peaks = graph.op('ReduceMax', [value], { axes: [2, 3], keepdims: 0 });
      graph.output(name, peaks, ['n', layer.output[0]]);
    } else graph.output(name, value, ['n', ...layer.output]);
  });
  return { model: await graph.encode(), outputs };
}

function writeNetwork(
  graph: Graph,
  { spec, input, outputs, parameters }: Network,
  watch: Tape['watch'] = () => undefined,
): Graph {
  const { layers } = shapeNetwork(spec, input, outputs);
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
    provider: 'cpu',
    block: undefined,
    inColumns: () => false,
    picture: IMAGE,
    parameter,
    jointForm: () => undefined,
    once: (_key, write) => write(),
    sums: new Map(),
    enlarged: new Map(),
    addGradient: neverTrained,
    addProduct: neverTrained,
    accumulate: neverTrained,
    gather: neverTrained,
    setRunningStatistic: neverTrained,
    dropoutMask: neverTrained,
    watch,
  };
  const image = graph.input(IMAGE, ['n', 1, input.height, input.width]);
  graph.output(KEYPOINTS, sequence(tape, layers, image).output, ['n', outputs]);
  return graph;
}

function neverTrained(): never {
  throw new Error('a network in use does not learn');
}
