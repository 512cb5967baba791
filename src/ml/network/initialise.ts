/** Where training starts. */
import { randomStream } from '../../domain/random.ts';
import type { InputShape, Parameters } from '../engine/engine.ts';
import { shapeNetwork, sizeOf, type ParameterInfo } from './shapes.ts';
import type { NetworkSpec } from './spec.ts';

/** Names these random streams among those of a run. */
const INITIALISE = 0x1417;

/**
 * Weights are normal with variance 2 / fan-in (He et al. 2015, "Delving deep into rectifiers"), or 1 / fan-in where no
 * ReLU follows (output layer, shortcuts); biases and shifts 0; scales of batch norm 1, of residual bodies 0.
 * @param outputBias start of the output layer's bias, such as the mean shape: `outputs` values
 */
export function initialParameters(
  spec: NetworkSpec,
  input: InputShape,
  outputs: number,
  seed: number,
  outputBias?: Float32Array,
): Parameters {
  const parameters = shapeNetwork(spec, input, outputs).parameters.map((info, index) => {
    const start =
      info.name === 'output.bias' && outputBias ? outputBias.slice() : initialValues(info, seed, index);
    return [info.name, { shape: info.shape, data: start }] as const;
  });
  return new Map(parameters);
}

function initialValues({ name, shape, role }: ParameterInfo, seed: number, index: number): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (role === 'weight') {
    const fanIn = shape.length === 4 ? sizeOf(shape.slice(1)) : shape[0]!;
    const gain = /^output\.|\.shortcut\./.test(name) ? 1 : 2;
    const deviation = Math.sqrt(gain / fanIn);
    const random = randomStream(seed, INITIALISE, index);
    for (let at = 0; at < values.length; at++) values[at] = deviation * random.normal();
  } else if (role === 'runningVariance' || role === 'scale') values.fill(1);
  return values;
}
