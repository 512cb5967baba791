/** One step of training as one graph: forward, masked loss, backward, optimizer. */
import {
  isMap,
  isTrained,
  sizeOf,
  type DropoutLayer,
  type ParameterInfo,
  type PlacedLayer,
} from '../../network/placed.ts';
import { shapeNetwork } from '../../network/shapes.ts';
import type { TrainerConfig } from '../engine.ts';
import { Graph, type Value } from './graph.ts';
import { sequence } from './layers/layers.ts';
import { maskedLoss } from './loss.ts';
import { updateRule, type UpdateRule } from './optimizer.ts';
import type { Recorded, Tape } from './tape.ts';

/** A tensor that goes into the graph under its name and comes out of it as `next/` + name. */
export interface StateTensor {
  readonly name: string;
  /** The parameter or optimizer slot that it is a block of rows of, or all of. */
  readonly variable: string;
  readonly shape: readonly number[];
  /** Place of its first element in the variable. */
  readonly offset: number;
  readonly slot: boolean;
}

export interface TrainingGraph {
  readonly graph: Graph;
  readonly state: readonly StateTensor[];
  /** Inputs `name` of [batchSize, ...shape] for the layers that drop values. */
  readonly dropouts: readonly { readonly name: string; readonly layer: DropoutLayer }[];
  readonly rule: UpdateRule;
}

/** Maps of a part of the batch that stay in the processor's cache between a layer and the next. */
const CHUNK_BYTES = 5_000_000;
/** Elements of a weight that stay there from its gradient to its update. */
const BLOCK_ELEMENTS = 2 ** 20;

export function trainingGraph(config: TrainerConfig): TrainingGraph {
  const { batchSize } = config;
  const { layers, parameters } = shapeNetwork(config.spec, config.input, config.outputs);
  const graph = new Graph();
  const rule = updateRule(config.optimizer);
  for (const name of Object.keys(rule.scalars(1, 0))) graph.input(name, []);
  const images = graph.input('images', [batchSize, 1, config.input.height, config.input.width]);
  const targets = graph.input('targets', [batchSize, config.outputs]);
  const mask = graph.input('mask', [batchSize, config.outputs]);

  const blocks = new Map(parameters.map((info) => [info.name, blocksOf(info)]));
  for (const tensor of [...blocks.values()].flat()) graph.input(tensor.name, tensor.shape);
  const gradients = new Map<Value, Value[]>();
  const next = new Map<Value, Value>();
  const dropouts: { name: string; layer: DropoutLayer }[] = [];

  const tapeFor = (start: number, batch: number): Tape => ({
    graph,
    batch,
    training: true,
    parameter: ({ name }) => name,
    rowBlocks: ({ name }) => blocks.get(name)!.map((block) => ({ value: block.name, rows: block.shape[0]! })),
    addGradient(parameter, gradient) {
      gradients.set(parameter, [...(gradients.get(parameter) ?? []), gradient]);
    },
    setRunningStatistic: ({ name }, value) => next.set(name, value),
    dropoutMask(layer) {
      const name = `${layer.name}/mask`;
      if (!dropouts.some((known) => known.name === name)) {
        dropouts.push({ name, layer });
        graph.input(name, [batchSize, ...layer.input]);
      }
      if (batch === batchSize) return name;
      return graph.slice(name, [0], [start], [batch]);
    },
  });

  const reordered = poolBeforeRelu(layers);
  const trunkLength = reordered.findIndex(({ output }) => !isMap(output));
  const trunk = inChunks(graph, tapeFor, reordered.slice(0, trunkLength), images, batchSize);
  const head = sequence(tapeFor(0, batchSize), reordered.slice(trunkLength), trunk.output);
  const { loss, gradient } = maskedLoss(graph, config.loss, head.output, targets, mask);
  trunk.backward(head.backward(gradient));
  graph.output('loss', loss, []);

  const state: StateTensor[] = [];
  for (const info of parameters)
    for (const block of blocks.get(info.name)!) {
      const slots = isTrained(info) ? rule.slots.map((slot) => slotOf(block, slot)) : [];
      for (const slot of slots) graph.input(slot.name, slot.shape);
      state.push(block, ...slots);
      if (!isTrained(info)) continue;
      const total = graph.sum(gradients.get(block.name)!);
      const slotNames = slots.map(({ name }) => name);
      const [parameter, updated] = rule.update(graph, block.name, total, slotNames, info.role === 'weight');
      next.set(block.name, parameter);
      for (const [index, value] of updated.entries()) next.set(slotNames[index]!, value);
    }
  for (const { name, shape } of state) graph.output(`next/${name}`, next.get(name)!, shape);
  return { graph, state, dropouts, rule };
}

/** A large dense weight as blocks of rows, anything else as one. */
function blocksOf({ name, shape }: ParameterInfo): StateTensor[] {
  const count = shape.length === 2 ? Math.ceil(sizeOf(shape) / BLOCK_ELEMENTS) : 1;
  if (count === 1) return [{ name, variable: name, shape, offset: 0, slot: false }];
  const columns = shape[1]!;
  let row = 0;
  return nearlyEqual(shape[0]!, count).map((rows, index) => {
    const offset = row * columns;
    row += rows;
    return { name: `${name}#${index}`, variable: name, shape: [rows, columns], offset, slot: false };
  });
}

function slotOf({ name, variable, shape, offset }: StateTensor, slot: string): StateTensor {
  return { name: `${name}/${slot}`, variable: `${variable}/${slot}`, shape, offset, slot: true };
}

/** The largest of rectified values is the largest value, rectified: the same result from a fraction of the work. */
function poolBeforeRelu(layers: readonly PlacedLayer[]): PlacedLayer[] {
  const reordered: PlacedLayer[] = [];
  for (const layer of layers.map(inside)) {
    const before = reordered.at(-1);
    if (layer.type === 'maxPool' && before?.type === 'relu')
      reordered.splice(-1, 1, layer, { ...before, input: layer.output, output: layer.output });
    else reordered.push(layer);
  }
  return reordered;

  function inside(layer: PlacedLayer): PlacedLayer {
    return layer.type === 'residual' ? { ...layer, body: poolBeforeRelu(layer.body) } : layer;
  }
}

/** The layers on maps, which treat each sample by itself, with a part of the batch at a time. */
function inChunks(
  graph: Graph,
  tapeFor: (start: number, batch: number) => Tape,
  layers: readonly PlacedLayer[],
  images: Value,
  batchSize: number,
): Recorded {
  const sizes = chunkSizes(layers, batchSize);
  let start = 0;
  const chunks = graph.split(images, sizes, 0).map((part, index) => {
    const recorded = sequence(tapeFor(start, sizes[index]!), layers, part);
    start += sizes[index]!;
    return recorded;
  });
  return {
    output: graph.concat(
      chunks.map(({ output }) => output),
      0,
    ),
    backward(gradient) {
      const parts = graph.split(gradient, sizes, 0);
      return graph.concat(
        chunks.map((chunk, index) => chunk.backward(parts[index]!)),
        0,
      );
    },
  };
}

/** Powers of two, which threads share evenly, and the rest of the batch. */
function chunkSizes(layers: readonly PlacedLayer[], batchSize: number): number[] {
  // Batch norm needs the whole batch.
  if (layers.length === 0 || layers.some(hasBatchNorm)) return [batchSize];
  const largest = Math.max(...layers.map(({ output }) => sizeOf(output))) * Float32Array.BYTES_PER_ELEMENT;
  const size = 2 ** Math.max(0, Math.floor(Math.log2(CHUNK_BYTES / largest)));
  const rest = batchSize % size;
  return [...Array<number>(Math.floor(batchSize / size)).fill(size), ...(rest ? [rest] : [])];
}

function hasBatchNorm(layer: PlacedLayer): boolean {
  return layer.type === 'batchNorm' || (layer.type === 'residual' && layer.body.some(hasBatchNorm));
}

/** 10 in 4 parts: 3, 3, 2, 2. */
function nearlyEqual(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, index) => Math.ceil((total - index) / parts));
}
