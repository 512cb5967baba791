/** One step of training as one graph: forward, masked loss, backward. The optimizer's kernels go on from its gradients. */
import {
  isMap,
  isTrained,
  sizeOf,
  type DropoutLayer,
  type ParameterInfo,
  type PlacedLayer,
  type Shape,
} from '../../network/placed.ts';
import { shapeNetwork } from '../../network/shapes.ts';
import type { TrainerConfig } from '../engine.ts';
import type { Arrangement } from './arrangement.ts';
import { mapsInColumns } from './blocked/columns.ts';
import { fromColumns, toColumns } from './blocked/layout.ts';
import { Graph, type Value } from './graph.ts';
import { sequence } from './layers/layers.ts';
import { maskedLoss } from './loss.ts';
import type { Provider } from './session-options.ts';
import type { Recorded, Tape } from './tape.ts';

export interface TrainingGraph {
  readonly graph: Graph;
  /** Each is an input under its name; a trained one has its gradient as an output, a running statistic its next value. */
  readonly parameters: readonly ParameterInfo[];
  /** Of the parameters, and so of their gradients, that do not lie in memory in the order of their shape. */
  readonly arrangements: ReadonlyMap<string, Arrangement>;
  readonly dropouts: readonly Dropout[];
}

/** What a graph is written for. */
export interface Target {
  readonly provider: Provider;
  /** Channels that lie side by side where maps are kept in blocks; without it the graph has standard operators only. */
  readonly block: number | undefined;
}

/** An input `name` of [batchSize, ...layer.input] for a layer that drops values. */
export interface Dropout {
  readonly name: string;
  readonly layer: DropoutLayer;
}

export function gradientName(parameter: string): string {
  return `gradient/${parameter}`;
}

/** Of a weight with a `jointForm`: what its layer read, and the gradient of what it wrote. */
export function jointNames(weight: string): { inputs: string; gradients: string } {
  return { inputs: `inputs/${weight}`, gradients: `gradients/${weight}` };
}

export function nextName(runningStatistic: string): string {
  return `next/${runningStatistic}`;
}

/** Maps of a part of the batch that stay in the cache of a core between a layer and the next. */
const CACHE_BYTES = 1_300_000;

/**
 * @param batchSize samples of a step that this graph works through: all, or a replica's part
 * @param jointForm of weights whose gradient is left to a product over the whole batch: the graph has the two sides of the
 * product as outputs instead
 */
export function trainingGraph(
  config: TrainerConfig,
  batchSize: number,
  { provider, block }: Target,
  jointForm: Tape['jointForm'] = () => undefined,
): TrainingGraph {
  const { layers, parameters } = shapeNetwork(config.spec, config.input, config.outputs);
  const graph = new Graph();
  const images = graph.input('images', [batchSize, 1, config.input.height, config.input.width]);
  const targets = graph.input('targets', [batchSize, config.outputs]);
  const mask = graph.input('mask', [batchSize, config.outputs]);
  const count = graph.input('count', []);

  for (const { name, shape } of parameters) graph.input(name, shape);
  const gradients = new Map<Value, Value[]>();
  const accumulated = new Map<
    Value,
    { adds: ((soFar: Value | undefined) => Value)[]; finish: (total: Value) => Value }
  >();
  const gathered = new Map<Value, { parts: Value[]; finish: (parts: Value) => Value }>();
  const arrangements = new Map<string, Arrangement>();
  const shared = new Map<string, Value>();
  const dropouts: Dropout[] = [];

  const reordered = poolBeforeRelu(layers);
  const trunkLength = reordered.findIndex(({ output }) => !isMap(output));
  const onMaps = reordered.slice(0, trunkLength);
  // Columns of one sample alone are slow. All replicas, whatever their part of the batch, must come to the same.
  const inColumns =
    block !== undefined && samplesInCache(onMaps, 1) > 1 ? mapsInColumns(onMaps, block) : () => false;

  const tapeFor = (start: number, batch: number, picture: Value): Tape => ({
    graph,
    batch,
    training: true,
    provider,
    block,
    inColumns,
    picture,
    parameter({ name }, arrangement) {
      if (arrangement) arrangements.set(name, arrangement);
      return name;
    },
    jointForm,
    once(key, write) {
      const known = shared.get(key) ?? write();
      shared.set(key, known);
      return known;
    },
    sums: new Map(),
    enlarged: new Map(),
    addGradient(parameter, gradient) {
      gradients.set(parameter, [...(gradients.get(parameter) ?? []), gradient]);
    },
    addProduct(info, inputs, products) {
      if (!jointForm(info)) {
        this.addGradient(info.name, graph.op('Gemm', [inputs, products], { transA: 1 }));
        return;
      }
      const names = jointNames(info.name);
      const [read, written] = info.shape as [number, number];
      graph.output(names.inputs, graph.op('Identity', [inputs]), [batchSize, read]);
      graph.output(names.gradients, graph.op('Identity', [products]), [batchSize, written]);
    },
    accumulate(parameter, add, finish) {
      const before = accumulated.get(parameter)?.adds ?? [];
      accumulated.set(parameter, { adds: [...before, add], finish });
    },
    gather(parameter, part, finish) {
      gathered.set(parameter, { parts: [...(gathered.get(parameter)?.parts ?? []), part], finish });
    },
    setRunningStatistic: ({ name, shape }, value) => {
      graph.output(nextName(name), value, shape);
    },
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

  // A replica has as large a share of the threads as of the batch.
  const threads = Math.max(1, Math.round((config.threads * batchSize) / config.batchSize));
  const sizes = provider === 'webgpu' ? [batchSize] : chunkSizes(onMaps, batchSize, threads, block);
  const trunk = inChunks(graph, tapeFor, onMaps, images, sizes, reordered[trunkLength]!.input);
  const headTape = { ...tapeFor(0, batchSize, images), inColumns: () => false };
  const head = sequence(headTape, reordered.slice(trunkLength), trunk.output);
  const { loss, gradient } = maskedLoss(graph, config.loss, head.output, targets, mask, count);
  trunk.backward(head.backward(gradient));
  graph.output('loss', loss, []);

  for (const [name, { parts, finish }] of gathered) gradients.set(name, [finish(graph.concat(parts, 0))]);
  // onnxruntime goes backwards: it does first what the node written last needs, and of what that needs first what was
  // written last. So sums are written behind all that is added up, and those of the last layers behind the others: then
  // every part of a gradient is added up as soon as it is there, and only those of one layer are kept.
  for (const [name, { adds, finish }] of [...accumulated].reverse()) {
    const total = adds.reduce<Value | undefined>((soFar, add) => add(soFar), undefined);
    gradients.set(name, [finish(total!)]);
  }
  for (const info of parameters.filter((info) => isTrained(info) && !jointForm(info)))
    graph.output(gradientName(info.name), graph.sum(gradients.get(info.name)!), info.shape);
  return { graph, parameters, arrangements, dropouts };
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

/**
 * The layers on maps, which treat each sample by itself, with a part of the batch at a time.
 * @param shape of what comes out, which is put together in blocks
 */
function inChunks(
  graph: Graph,
  tapeFor: (start: number, batch: number, picture: Value) => Tape,
  layers: readonly PlacedLayer[],
  images: Value,
  sizes: readonly number[],
  shape: Shape,
): Recorded {
  let start = 0;
  const chunks = graph.split(images, sizes, 0).map((part, index) => {
    const tape = tapeFor(start, sizes[index]!, part);
    start += sizes[index]!;
    const { output, backward } = sequence(tape, layers, part);
    return {
      output: fromColumns(tape, output, shape),
      backward: (gradient: Value) => backward(toColumns(tape, gradient, shape)),
    };
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

/** Parts of the batch of nearly one size. */
function chunkSizes(
  layers: readonly PlacedLayer[],
  batchSize: number,
  threads: number,
  block: number | undefined,
): number[] {
  // Batch norm needs the whole batch.
  if (layers.length === 0 || layers.some(hasBatchNorm)) return [batchSize];
  const fitting = Math.max(1, samplesInCache(layers, threads));
  // Weight gradients in blocks need no more work on their inputs while these are fewer images than a block.
  const most = block === undefined ? fitting : Math.min(fitting, block - 1);
  const count = Math.ceil(batchSize / most);
  const border = (index: number) => Math.floor((batchSize * index) / count);
  return Array.from({ length: count }, (_, index) => border(index + 1) - border(index));
}

/** Whose largest map stays in the cache of the cores that work on them. */
function samplesInCache(layers: readonly PlacedLayer[], threads: number): number {
  const largest = Math.max(...layers.map(({ output }) => sizeOf(output))) * Float32Array.BYTES_PER_ELEMENT;
  return Math.floor((CACHE_BYTES * threads) / largest);
}

export function hasBatchNorm(layer: PlacedLayer): boolean {
  return layer.type === 'batchNorm' || (layer.type === 'residual' && layer.body.some(hasBatchNorm));
}
