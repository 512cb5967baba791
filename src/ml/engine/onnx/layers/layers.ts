/** Writes lists of layers into a graph. */
import type { PlacedLayer, ResidualLayer } from '../../../network/placed.ts';
import { conv as convInBlocks } from '../blocked/columns.ts';
import { isConvInBlocks } from '../blocked/conv.ts';
import { betweenBlocks, recordInBlocks, recordTogether } from '../blocked/layers.ts';
import type { Value } from '../graph.ts';
import type { Recorded, RecordedTogether, Tape } from '../tape.ts';
import { batchNorm } from './batch-norm.ts';
import { conv } from './conv.ts';
import { convPool, isConvPool } from './conv-pool.ts';
import { dense } from './dense.ts';
import { dropout, flatten, rectifiedGradient, relu } from './pointwise.ts';
import { averagePool, globalAveragePool, maxPool } from './pool.ts';
import { softArgmax } from './soft-argmax.ts';

export function sequence(tape: Tape, layers: readonly PlacedLayer[], input: Value): Recorded {
  const recorded: Recorded[] = [];
  for (let index = 0; index < layers.length; index++) {
    const before = recorded.at(-1)?.output ?? input;
    const onward = layers.slice(index);
    const layer = onward[0]!;
    const together =
      recordTogether(tape, onward, before) ??
      residualRelu(tape, onward, before) ??
      pictureAndPool(tape, onward, before);
    if (together) index += together.length - 1;
    recorded.push(together?.recorded ?? record(tape, layer, before));
    if (!together) tape.watch?.(layer, recorded.at(-1)!.output);
  }
  const [first, ...others] = recorded;
  const toFirst = (gradient: Value) =>
    others.reduceRight((onward, layer) => layer.backward(onward), gradient);
  const backwardOnto = first?.backwardOnto;
  return {
    output: recorded.at(-1)?.output ?? input,
    backward: (gradient) => first?.backward(toFirst(gradient)) ?? gradient,
    ...(backwardOnto && {
      backwardOnto: (gradient: Value, more: Value) => backwardOnto(toFirst(gradient), more),
    }),
  };
}

function record(tape: Tape, layer: PlacedLayer, input: Value): Recorded {
  // These two do the same to a value wherever it lies.
  if (layer.type === 'relu') return relu(tape, input);
  if (layer.type === 'residual') return residual(tape, layer, input);
  return (
    recordInBlocks(tape, layer, input) ??
    betweenBlocks(tape, layer, input, (plain) => recordPlain(tape, layer, plain))
  );
}

function recordPlain(
  tape: Tape,
  layer: Exclude<PlacedLayer, { type: 'relu' | 'residual' }>,
  input: Value,
): Recorded {
  switch (layer.type) {
    case 'conv':
      return conv(tape, layer, input);
    case 'maxPool':
      return maxPool(tape, layer, input);
    case 'averagePool':
      return averagePool(tape, layer, input);
    case 'globalAveragePool':
      return globalAveragePool(tape, input, layer.input);
    case 'batchNorm':
      return batchNorm(tape, layer, input);
    case 'flatten':
      return flatten(tape, input, layer.input);
    case 'dense':
      return dense(tape, layer, input);
    case 'dropout':
      return dropout(tape, layer, input);
    case 'softArgmax':
      return softArgmax(tape, layer, input);
  }
}

/** shortcut(x) + scale * body(x) */
function residual(tape: Tape, layer: ResidualLayer, input: Value): Recorded {
  const { graph } = tape;
  const body = sequence(tape, layer.body, input);
  const shortcut = sequence(tape, layer.shortcut, input);
  const scale = layer.scale && tape.parameter(layer.scale);
  const scaled = (value: Value) => (scale ? graph.op('Mul', [value, scale]) : value);
  return {
    output: graph.op('Add', [scaled(body.output), shortcut.output]),
    backward(gradient) {
      if (scale) {
        const product = graph.op('Mul', [gradient, body.output]);
        tape.addGradient(scale, graph.reshape(graph.op('ReduceSum', [product], { keepdims: 0 }), [1]));
      }
      return graph.op('Add', [body.backward(scaled(gradient)), shortcut.backward(gradient)]);
    },
  };
}

/** In blocks: the last convolution of the body adds the shortcut and rectifies. */
function residualRelu(
  tape: Tape,
  [layer, next]: readonly PlacedLayer[],
  input: Value,
): RecordedTogether | undefined {
  if (layer?.type !== 'residual' || layer.scale || next?.type !== 'relu') return undefined;
  const last = layer.body.at(-1);
  if (last?.type !== 'conv' || !isConvInBlocks(tape, last)) return undefined;
  const before = sequence(tape, layer.body.slice(0, -1), input);
  const shortcut = sequence(tape, layer.shortcut, input);
  const { output, backward } = convInBlocks(tape, last, before.output, {
    plus: shortcut.output,
    isRectified: true,
  });
  const recorded: Recorded = {
    output,
    backward(gradient) {
      const own = rectifiedGradient(tape.graph, output, gradient);
      const more = shortcut.backward(own);
      return (
        before.backwardOnto?.(backward(own), more) ??
        tape.graph.op('Add', [before.backward(backward(own)), more])
      );
    },
  };
  return { recorded, length: 2 };
}

function pictureAndPool(
  tape: Tape,
  [layer, next]: readonly PlacedLayer[],
  input: Value,
): RecordedTogether | undefined {
  if (layer?.type !== 'conv' || next?.type !== 'maxPool') return undefined;
  if (!isConvPool(tape, layer, next, input)) return undefined;
  return {
    recorded: betweenBlocks(tape, { ...next, input: layer.input }, input, () =>
      convPool(tape, layer, next, input),
    ),
    length: 2,
  };
}
