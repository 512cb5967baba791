/** Convolution of maps in blocks. All three of its products are convolutions themselves. */
import { sizeOf, type ConvLayer, type MapShape } from '../../../network/placed.ts';
import type { Arrangement } from '../arrangement.ts';
import type { Graph, Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { asMaps, asStored, inBlocks, NCHWC } from './layout.ts';
import { phasesOf, type Phase } from './phases.ts';

/**
 * Whether the layer can be computed in blocks: into whole blocks, from whole blocks or from the picture, with gradients that
 * are convolutions.
 * @param input left out where it is not the picture
 */
export function isConvInBlocks(tape: Tape, layer: ConvLayer, input?: Value): boolean {
  if (!inBlocks(tape, layer.output)) return false;
  if (input === tape.picture) return layer.input[0] < tape.block!;
  return inBlocks(tape, layer.input) && phases(layer) !== undefined;
}

/** What becomes of a convolution's values before they are written: that much less is read and written again. */
export interface OnTheWay {
  /** A map as large as the output, which is added. */
  readonly plus?: Value;
  readonly isRectified?: boolean;
}

/** Convolutions side by side: each reads its share of the input's channels and writes its share of the output's. */
export interface GroupedConv extends ConvLayer {
  readonly groups?: number;
}

export interface RecordedConv extends Recorded {
  backward(gradient: Value, more?: Value): Value;
}

/** @returns with a `backward` that is given the gradient of the convolution alone */
export function conv(tape: Tape, layer: GroupedConv, input: Value, onTheWay: OnTheWay = {}): RecordedConv {
  const { plus, isRectified } = onTheWay;
  const { kernel, stride, padding } = layer.window;
  const weight = tape.parameter(layer.weight, arrangementOf(tape, layer));
  const bias = layer.bias && tape.parameter(layer.bias);
  return {
    output: tape.graph.op(`${NCHWC}Conv`, [input, weight, bias ?? '', plus ?? ''], {
      kernel_shape: kernel,
      strides: [stride, stride],
      pads: padding,
      group: layer.groups ?? 1,
      ...(isRectified && { activation: 'Relu' }),
    }),
    backward,
    backwardOnto: backward,
  };

  function backward(gradient: Value, more?: Value): Value {
    if (bias) {
      const { smaller, shape } = tape.sums.get(gradient) ?? { smaller: gradient, shape: layer.output };
      addChannelSums(tape, bias, smaller, shape);
    }
    tape.accumulate(weight, weightGradient(tape, layer, input, gradient), (total) =>
      arrangedGradient(tape, layer, total),
    );
    return input === tape.picture ? '' : inputGradient(tape, layer, gradient, weight, more);
  }
}

/** What a convolution reads in the place of a layer's parameters, and what is made of their gradients for these. */
interface Substitute {
  readonly weight: Value;
  readonly bias: Value | undefined;
  ownWeight(gradient: Value): Value;
  ownBias(gradient: Value): Value;
}

/** The tape for a convolution that stands for the layer, with other parameters. */
export function withParameters(tape: Tape, layer: ConvLayer, substitute: Substitute): Tape {
  const { weight, bias, ownWeight, ownBias } = substitute;
  return {
    ...tape,
    parameter: ({ name }) => (name === layer.weight.name ? weight : bias!),
    accumulate: (_, add, finish) =>
      tape.accumulate(tape.parameter(layer.weight), add, (total) => ownWeight(finish(total))),
    gather: (_, part, finish) =>
      tape.gather(tape.parameter(layer.bias!), part, (parts) => ownBias(finish(parts))),
  };
}

/** Filters [out, in, rows, columns] in memory: [out / block, in / block, cells, block of in, block of out], or with all of `in` where it is less than a block. */
export function arrangementOf({ block }: Tape, { weight }: ConvLayer): Arrangement {
  const [filters, channels, ...kernel] = weight.shape as [number, number, number, number];
  const cells = sizeOf(kernel);
  if (channels < block!) return { view: [filters / block!, block!, channels, cells], order: [0, 2, 3, 1] };
  return {
    view: [filters / block!, block!, channels / block!, block!, cells],
    order: [0, 2, 4, 3, 1],
  };
}

/** The gradient of a bias: the sum over images and cells of each channel. */
export function addChannelSums(
  { graph, gather }: Tape,
  bias: Value,
  gradient: Value,
  [, height, width]: MapShape,
): void {
  const means = graph.op(`${NCHWC}GlobalAveragePool`, [gradient]);
  const sums = graph.op('Mul', [means, graph.scalar(height * width)]);
  gather(bias, sums, (all) => graph.reduceSum(all, [0, 2, 3]));
}

/**
 * Each block of input channels is an image that has their cells side by side, its channels are the images of the batch,
 * and the output's gradient is the filter that moves over it: what comes out is as large as the kernel.
 * @returns adds it to what other parts of the batch come to: in memory [in / block, out / block, rows, columns, block of in, block of out]; of the picture, whose only channel is no block, [1, out / block, rows, columns, block of out]
 */
export function weightGradient(
  tape: Tape,
  layer: Pick<GroupedConv, 'window' | 'input' | 'output' | 'groups'>,
  input: Value,
  gradient: Value,
): (soFar: Value | undefined) => Value {
  const { graph, batch } = tape;
  const block = tape.block!;
  const groups = layer.groups ?? 1;
  const { kernel, stride, padding } = layer.window;
  const [channels, ...sides] = layer.input;
  const [filters, ...windows] = layer.output;
  const together = inBlocks(tape, layer.input) ? block : 1;
  const blocks = channels / together / groups;
  const cells = sizeOf(windows);
  // Fewer images than a block are read one after the other, more of them in whole blocks.
  const images = batch < block ? batch : Math.ceil(batch / block) * block;
  // Just the rows and columns that windows cover. Rows outside are left to the convolution, which is slow at columns.
  const [bottom, right] = [0, 1].map(
    (axis) => (windows[axis]! - 1) * stride + kernel[axis]! - sides[axis]! - padding[axis]!,
  ) as [number, number];
  const inLine = [sides[0], sides[1] * together] as const;
  const byBlock =
    groups === 1
      ? turned(graph, input, [batch, blocks, ...inLine])
      : graph.reshape(
          graph.transpose(graph.reshape(input, [batch, groups, blocks, sizeOf(inLine)]), [2, 1, 0, 3]),
          [blocks, groups * batch, ...inLine],
        );
  const covered = graph.padAxes(
    byBlock,
    [0, 0, 0, padding[1] * together],
    [0, images - batch, Math.min(bottom, 0), right * together],
  );
  const pictures = images < block ? covered : graph.op(`${NCHWC}ReorderInput`, [covered]);
  const byFilter = [batch, filters / block, cells, block] as const;
  const ofImages = [filters, images, ...windows] as const;
  const inImages = (value: Value) =>
    graph.transpose(
      graph.reshape(value, [filters / block, images / block, block, cells, block]),
      [0, 1, 3, 2, 4],
    );
  const moving =
    images < block
      ? turned(graph, gradient, byFilter, ofImages)
      : graph.reshape(
          inImages(graph.padAxes(turned(graph, gradient, byFilter), [0, 0, 0, 0], [0, images - batch, 0, 0])),
          ofImages,
        );
  return (soFar) =>
    graph.op(`${NCHWC}Conv`, [pictures, moving, ...(soFar === undefined ? [] : ['', soFar])], {
      kernel_shape: windows,
      dilations: [stride, stride * together],
      pads: [padding[0], 0, Math.max(bottom, 0), 0],
      group: groups,
    });
}

/**
 * The first two axes of a value that is seen in this shape, in each other's place.
 * @param into the shape of what is returned, if it is another
 */
function turned(
  graph: Graph,
  value: Value,
  shape: readonly [number, number, number, number],
  into?: readonly number[],
): Value {
  const [first, second, ...rest] = shape;
  if (first === 1 || second === 1) return graph.reshape(value, into ?? [second, first, ...rest]);
  const transposed = graph.transpose(graph.reshape(value, shape), [1, 0, 2, 3]);
  return into ? graph.reshape(transposed, into) : transposed;
}

/** The sum of weight gradients in the arrangement of the weights. */
export function arrangedGradient(
  { graph, block }: Tape,
  { weight }: Pick<ConvLayer, 'weight'>,
  total: Value,
): Value {
  const [filters, channels, ...kernel] = weight.shape as [number, number, number, number];
  const together = Math.min(channels, block!);
  const pair = sizeOf(kernel) * together * block!;
  return turned(graph, total, [channels / together, filters / block!, pair, 1], weight.shape);
}

/**
 * Every stride-th row and column of the input has been met by the same cells of the kernel: a phase. Its gradient is that
 * of the output convolved with those cells, turned round; the phases interleave.
 */
function inputGradient(
  tape: Tape,
  layer: GroupedConv,
  gradient: Value,
  weight: Value,
  more: Value | undefined,
): Value {
  const { graph, batch, block } = tape;
  const [channels, height, width] = layer.input;
  const { stride } = layer.window;
  const [rows, columns] = phases(layer)!;
  const partial = (row: Phase, column: Phase, plus?: Value) =>
    graph.op(
      `${NCHWC}Conv`,
      [gradient, turnedWeight(tape, layer, weight, row, column), ...(plus === undefined ? [] : ['', plus])],
      {
        kernel_shape: [row.taps.length, column.taps.length],
        pads: [row.before, column.before, row.after, column.after],
        group: layer.groups ?? 1,
      },
    );
  if (stride === 1) return partial(rows[0]!, columns[0]!, more);
  // What has each cell stride x stride times is the same for every phase.
  const enlarged = more === undefined ? undefined : tape.enlarged.get(more);
  const ofPhase = enlarged?.size === stride ? enlarged.smaller : undefined;
  const add = (value: Value) =>
    more === undefined || ofPhase !== undefined ? value : graph.op('Add', [value, more]);
  const [down, across] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const lines = (batch * channels * down) / block!;
  const interleaved = rows.map((row) => {
    const parts = columns.map((column) =>
      graph.reshape(partial(row, column, ofPhase), [lines, across, block!]),
    );
    return graph.reshape(graph.concat(parts, 2), [lines, 1, across * stride * block!]);
  });
  const whole = [channels, down * stride, across * stride] as const;
  const stored = asStored(tape, graph.concat(interleaved, 1), whole);
  if (whole[1] === height && whole[2] === width) return add(asMaps(tape, stored, whole));
  return add(asMaps(tape, graph.slice(stored, [1, 2], [0, 0], [height, width]), layer.input));
}

/** Filters for the way back: from the output's channels to the input's, with the cells of a phase. */
function turnedWeight(tape: Tape, layer: GroupedConv, weight: Value, row: Phase, column: Phase): Value {
  const { graph, block } = tape;
  const { groups = 1 } = layer;
  const [filters, channels, , width] = layer.weight.shape as [number, number, number, number];
  const [outer, inner, cells] = [filters / groups / block!, channels / block!, sizeOf(layer.window.kernel)];
  const turned = tape.once(`turned ${weight}`, () => {
    // Reordering turns [cells x block of in, block of out] round in each pair of blocks.
    const pairs = graph.reshape(weight, [groups * outer * inner, block!, cells * block!, 1]);
    const plain = graph.op(`${NCHWC}ReorderOutput`, [pairs], { channels: block! });
    const sides = [groups, outer, inner, block!, cells, block!];
    return graph.transpose(graph.reshape(plain, sides), [0, 2, 1, 4, 3, 5]);
  });
  const taps = row.taps.flatMap((down) => column.taps.map((across) => down * width + across));
  return tape.once(`turned ${weight} ${taps.join()}`, () =>
    graph.reshape(graph.op('Gather', [turned, graph.integers(taps)], { axis: 3 }), [
      groups * channels,
      filters / groups,
      row.taps.length,
      column.taps.length,
    ]),
  );
}

function phases({ input, output, window }: ConvLayer): [Phase[], Phase[]] | undefined {
  const [rows, columns] = [0, 1].map((axis) =>
    phasesOf(input[axis + 1]!, output[axis + 1]!, window.kernel[axis]!, window.stride, window.padding[axis]!),
  );
  return rows && columns && [rows, columns];
}
