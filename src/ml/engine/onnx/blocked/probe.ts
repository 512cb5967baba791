/**
 * Whether onnxruntime keeps maps in blocks on this machine. Those operators are its own, undocumented, and depend on
 * the processor: they are used with the version that they were tested with, and where a small network that has all of
 * them learns the same in blocks as with standard operators.
 */
import { randomStream } from '../../../../domain/random.ts';
import { initialParameters } from '../../../network/initialise.ts';
import type * as OnnxRuntime from 'onnxruntime-node';
import type { Layer } from '../../../../domain/network-spec.ts';
import type { Batch, Parameters, TrainerConfig } from '../../engine.ts';
import { Graph } from '../graph.ts';
import { sessionOptions } from '../session-options.ts';
import { createTrainer } from '../trainer.ts';
import { NCHWC } from './layout.ts';

const TESTED_VERSION = '1.30.0';
/** Of the largest number of a parameter; rounding makes about 1e-6. */
const TOLERANCE = 1e-4;

export type Blocks =
  /** Channels of a block. */
  { readonly size: number } | { readonly size: undefined; readonly reason: string };

let probed: Promise<Blocks> | undefined;

/** Asks once in a process; takes a fraction of a second. */
export function probeBlocks(): Promise<Blocks> {
  probed ??= probe().catch((error: unknown) => ({
    size: undefined,
    reason: `onnxruntime does not run them here: ${error instanceof Error ? error.message : String(error)}`,
  }));
  return probed;
}

async function probe(): Promise<Blocks> {
  const { default: runtime } = await import('onnxruntime-node');
  const version = runtime.env.versions.node;
  if (version !== TESTED_VERSION)
    return {
      size: undefined,
      reason: `they are tested with onnxruntime ${TESTED_VERSION}, and this is ${version ?? 'an unknown version'}`,
    };
  const size = await blockSize(runtime);
  if (size === undefined) return { size, reason: 'onnxruntime has none for this processor' };
  const difference = await differenceInBlocks(size);
  if (difference < TOLERANCE) return { size };
  return { size: undefined, reason: `in blocks of ${size} a small network learns something else here` };
}

/** Four channels are filled up to a block, or stay four where there are no blocks. */
async function blockSize(runtime: typeof OnnxRuntime): Promise<number | undefined> {
  const graph = new Graph();
  const blocks = graph.op(`${NCHWC}ReorderInput`, [graph.input('maps', [1, 4, 1, 1])]);
  graph.output('blocks', blocks, [1, 'channels', 1, 1]);
  const session = await runtime.InferenceSession.create(await graph.encode(), sessionOptions(1));
  const maps = new runtime.Tensor('float32', new Float32Array(4), [1, 4, 1, 1]);
  const size = (await session.run({ maps }))['blocks']!.dims[1]!;
  await session.release();
  return size > 4 ? size : undefined;
}

/** After one step, relative to the largest number of each parameter. */
async function differenceInBlocks(size: number): Promise<number> {
  const layers: Layer[] = [
    { type: 'conv', filters: size, kernel: 3, padding: 1 },
    { type: 'relu' },
    { type: 'maxPool', size: 2 },
    {
      type: 'residual',
      body: [
        { type: 'conv', filters: 2 * size, kernel: 3, stride: 2, padding: 1 },
        { type: 'relu' },
        { type: 'conv', filters: 2 * size, kernel: 3, padding: 1 },
      ],
    },
    { type: 'relu' },
    { type: 'conv', filters: size, kernel: 2 },
    { type: 'maxPool', size: 2 },
    { type: 'flatten' },
  ];
  const config: TrainerConfig = {
    spec: { layers },
    input: { width: 20, height: 24 },
    outputs: 2,
    // More than one part of the batch, and one that is smaller.
    batchSize: size + 1,
    optimizer: { kind: 'sgd', momentum: 0, weightDecay: 0 },
    loss: { kind: 'mse' },
    threads: 1,
    seed: 1,
  };
  const random = randomStream(1);
  const noise = (length: number) => new Float32Array(length).map(() => random.normal());
  const batch: Batch = {
    // Noise in whole steps: cells of some windows are equal.
    images: noise(config.batchSize * 20 * 24).map(Math.round),
    targets: noise(config.batchSize * 2),
    mask: new Float32Array(config.batchSize * 2).fill(1),
  };
  const start: Parameters = new Map(
    Array.from(initialParameters(config.spec, config.input, config.outputs, 1), ([name, { shape, data }]) => [
      name,
      { shape, data: noise(data.length).map((value) => value / 4) },
    ]),
  );
  const [plain, blocked] = await Promise.all(
    [undefined, size].map((block) => afterStep(config, start, batch, block)),
  );
  const differences = Array.from(plain!, ([name, { data }]) => {
    const other = blocked!.get(name)!.data;
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return data.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0) / largest;
  });
  // NaN, which is no difference to compare with, counts as one.
  return differences.every(Number.isFinite) ? Math.max(...differences) : Infinity;
}

async function afterStep(
  config: TrainerConfig,
  start: Parameters,
  batch: Batch,
  block: number | undefined,
): Promise<Parameters> {
  const trainer = await createTrainer(config, start, { provider: 'cpu', block });
  await trainer.step(batch, 1);
  const { parameters } = trainer.state();
  await trainer.dispose();
  return parameters;
}
