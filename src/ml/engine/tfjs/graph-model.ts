/** The network in use, as a graph model of TensorFlow.js: what plain @tensorflow/tfjs loads, with the parameters beside it. */
import { shapeNetwork } from '../../network/shapes.ts';
import { checkParameters } from '../check-parameters.ts';
import { IMAGE, KEYPOINTS, type PredictorConfig } from '../engine.ts';
import { type Attribute, type Constant, Graph, type GraphNode } from './graph.ts';
import { sequence } from './layers/layers.ts';
import type { Tape } from './tape.ts';

/** By which model.json finds the other one. */
export const WEIGHTS_FILE = 'weights.bin';

const dtypes = { FLOAT: 'float32', INT32: 'int32' } as const;

/** The two files of a model. */
export interface GraphModelFiles {
  /** JSON */
  readonly model: string;
  /** What model.json's manifest lists, end to end, little endian. */
  readonly weights: Buffer;
}

/**
 * @param metadata what `model.metadata` is to whoever has loaded it
 * @returns a model with input `image` [n, height, width, 1] and output `keypoints` [n, outputs]
 * @throws Error when the parameters are not this network's
 */
export function graphModel(
  { spec, input, outputs, parameters }: Omit<PredictorConfig, 'threads'>,
  metadata: Readonly<Record<string, string>> = {},
): GraphModelFiles {
  const network = shapeNetwork(spec, input, outputs);
  checkParameters(parameters, new Map(network.parameters.map((info) => [info.name, info])));
  const graph = new Graph();
  const tape: Tape = {
    graph,
    trainedAtOnce: undefined,
    parameter({ name, shape }) {
      const { data } = parameters.get(name)!;
      return graph.constant(name, {
        type: 'FLOAT',
        ...(shape.length === 4 ? filtersLast(data, shape) : { shape, values: data }),
      });
    },
    addGradient: neverTrained,
    setRunningStatistic: neverTrained,
    dropoutMask: neverTrained,
  };
  const images = graph.input(IMAGE, [-1, input.height, input.width, 1]);
  graph.output(KEYPOINTS, sequence(tape, network.layers, images).output);

  const constants = graph.nodes.flatMap(({ name, attributes: { value } }) =>
    typeof value === 'object' && 'constant' in value ? [{ name, ...value.constant }] : [],
  );
  const model = {
    format: 'graph-model',
    generatedBy: 'Fiducial',
    signature: {
      inputs: { [IMAGE]: tensorInfo(IMAGE, [-1, input.height, input.width, 1]) },
      outputs: { [KEYPOINTS]: tensorInfo(KEYPOINTS, [-1, outputs]) },
    },
    modelTopology: { node: graph.nodes.map(nodeJson), library: {}, versions: {} },
    weightsManifest: [
      {
        paths: [WEIGHTS_FILE],
        weights: constants.map(({ name, shape, type }) => ({ name, shape, dtype: dtypes[type] })),
      },
    ],
    userDefinedMetadata: metadata,
  };
  return {
    model: JSON.stringify(model),
    weights: Buffer.concat(constants.map(bytesOf)),
  };
}

/** From [out, in, height, width], as everywhere outside this engine, to [height, width, in, out]. */
function filtersLast(data: Float32Array, shape: readonly number[]) {
  const [filters, channels, height, width] = shape as readonly [number, number, number, number];
  const values = new Float32Array(data.length);
  let from = 0;
  for (let filter = 0; filter < filters; filter++)
    for (let channel = 0; channel < channels; channel++)
      for (let cell = 0; cell < height * width; cell++)
        values[(cell * channels + channel) * filters + filter] = data[from++]!;
  return { shape: [height, width, channels, filters], values };
}

function tensorInfo(node: string, shape: readonly number[]) {
  return { name: `${node}:0`, dtype: 'DT_FLOAT', tensorShape: shapeJson(shape) };
}

/** A GraphDef's node as protobuf writes it in JSON. */
function nodeJson({ name, op, inputs, attributes }: GraphNode) {
  const attr = Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, attributeJson(value)]),
  );
  return { name, op, input: inputs, attr };
}

function attributeJson(value: Attribute): object {
  if (typeof value === 'number') return { i: String(value) };
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'string') return { s: Buffer.from(value).toString('base64') };
  if ('float' in value) return { f: value.float };
  if ('type' in value) return { type: `DT_${value.type}` };
  if ('shape' in value) return { shape: shapeJson(value.shape) };
  if ('constant' in value) {
    const { type, shape } = value.constant; // its values are in the other file
    return { tensor: { dtype: `DT_${type}`, tensorShape: shapeJson(shape) } };
  }
  return { list: { i: value.map(String) } };
}

function shapeJson(shape: readonly number[]) {
  return { dim: shape.map((side) => ({ size: String(side) })) };
}

function bytesOf({ type, values }: Constant): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++)
    if (type === 'INT32') bytes.setInt32(4 * i, values[i]!, true);
    else bytes.setFloat32(4 * i, values[i]!, true);
  return new Uint8Array(bytes.buffer);
}

function neverTrained(): never {
  throw new Error('a network in use does not learn');
}
