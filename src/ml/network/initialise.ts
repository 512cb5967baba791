/** Where training starts. */
import { randomStream } from '../../domain/random.ts';
import type { InputShape, Parameters } from '../engine/engine.ts';
import { sizeOf, type ParameterInfo, type PlacedLayer } from './placed.ts';
import { shapeNetwork } from './shapes.ts';
import type { NetworkSpec } from '../../domain/network-spec.ts';

/** Names these random streams among those of a run. */
const INITIALISE = 0x1417;
/** So small that the first outputs are the output layer's bias, and that heat maps say nothing. */
const OUTPUT_DEVIATION = 0.01;

/**
 * Weights are normal with variance 2 / fan-in (He et al. 2015, "Delving deep into rectifiers"), 1 / fan-in in shortcuts,
 * which no ReLU follows, and very small in the output layer and the heat maps; biases and shifts are 0, scales 1. Residual
 * blocks start as their shortcut: the last layer of the body, or the learnt scale of the body where there is one, is 0.
 * @param outputBias start of the output layer's bias, such as the mean shape: `outputs` values
 */
export function initialParameters(
  spec: NetworkSpec,
  input: InputShape,
  outputs: number,
  seed: number,
  outputBias?: Float32Array,
): Parameters {
  const { layers, parameters } = shapeNetwork(spec, input, outputs);
  const silent = new Set(layers.flatMap(silentParameters));
  return new Map(
    parameters.map((info, index) => {
      const data = new Float32Array(sizeOf(info.shape));
      if (info.name === 'output.bias' && outputBias) data.set(outputBias);
      else if (!silent.has(info.name)) fill(data, info, randomStream(seed, INITIALISE, index).normal);
      return [info.name, { shape: info.shape, data }];
    }),
  );
}

function fill(data: Float32Array, { name, shape, role }: ParameterInfo, normal: () => number): void {
  if (role === 'scale' || role === 'runningVariance') data.fill(1);
  if (role !== 'weight') return;
  const fanIn = shape.length === 4 ? sizeOf(shape.slice(1)) : shape[0]!;
  const variance = name.includes('.shortcut.') ? 1 / fanIn : 2 / fanIn;
  const isLast = name === 'output.weight' || name.startsWith('heatMap');
  const deviation = isLast ? OUTPUT_DEVIATION : Math.sqrt(variance);
  for (let at = 0; at < data.length; at++) data[at] = deviation * normal();
}

/** Names of the parameters that keep the bodies of residual blocks at 0. */
function silentParameters(layer: PlacedLayer): string[] {
  if (layer.type !== 'residual') return [];
  const inside = layer.body.flatMap(silentParameters);
  const last = layer.body.findLast(({ type }) => type === 'conv' || type === 'dense' || type === 'batchNorm');
  if (layer.scale || !last) return inside;
  return [...inside, `${last.name}.${last.type === 'batchNorm' ? 'scale' : 'weight'}`];
}
