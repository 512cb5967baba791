/**
 * Training speed of the engines on lenet5 and the default network, beside Keras in graph mode and PyTorch eager in
 * channels_last: the same networks, noise, batch, threads and optimizer, in turns on the same machine; and prediction
 * beside Keras. `onnx-plain` is the engine `onnx` without convolutions in blocks; `keras` has oneDNN switched on where
 * TensorFlow leaves it off, `keras-default` is as TensorFlow comes.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { installedEngines } from '../../src/ml/engine/engines.ts';
import { Graph } from '../../src/ml/engine/onnx/graph.ts';
import { sizeOf } from '../../src/ml/network/placed.ts';
import { presetSpec } from '../../src/ml/network/presets.ts';
import { shapeNetwork } from '../../src/ml/network/shapes.ts';
import { figure, type Figure, spread } from './figures.ts';
import { benchPython } from './python.ts';

const [batch, threads] = [64, 2];
const presets = ['lenet5', 'default'] as const;
type Preset = (typeof presets)[number];
/** About four seconds of either: in fewer, a neighbour's moment on a shared machine decides. */
const steps: Record<Preset, number> = { lenet5: 27, default: 99 };

/** What one process prints. */
interface Measured {
  readonly version: string;
  readonly stepMs: number;
  /** PyTorch is not asked. */
  readonly predictMs?: number;
  readonly peakMegabytes: number;
}

/** By preset and contender, one for each round. */
type Runs = Record<Preset, Record<string, Measured[]>>;

export async function raceEngines(rounds: number): Promise<{ figures: Figure[]; details: object }> {
  const contenders = findContenders();
  const runs = Object.fromEntries(
    presets.map((preset) => [
      preset,
      Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as Measured[]])),
    ]),
  ) as Runs;
  const products: number[] = [];
  for (let round = 0; round < rounds; round++) {
    products.push(await matrixProductRate());
    for (const preset of presets)
      for (const [name, { program, script, options = [] }] of Object.entries(contenders)) {
        const numbers = [batch, steps[preset], threads].map(String);
        const given = [...script, preset, ...numbers, ...options];
        const output = execFileSync(program, given, { encoding: 'utf8' });
        runs[preset][name]!.push(JSON.parse(output) as Measured);
      }
  }
  const summaries = presets.map((preset) => [
    preset,
    Object.fromEntries(
      Object.entries(runs[preset]).map(([name, own]) => [name, summary(preset, own, products)]),
    ),
  ]);
  return {
    figures: figuresOf(runs),
    details: {
      batch,
      steps,
      threads,
      ...Object.fromEntries(summaries),
      matrixProductGflops: spread(products),
    },
  };
}

interface Contender {
  readonly program: string;
  /** Given preset, batch, steps and threads, then the options. */
  readonly script: readonly string[];
  readonly options?: readonly string[];
}

function findContenders(): Record<string, Contender> {
  const ours = (engine: string): Contender => ({
    program: process.execPath,
    script: [join(import.meta.dirname, 'train-and-predict.ts'), engine],
  });
  const contenders: Record<string, Contender> = { onnx: ours('onnx'), 'onnx-plain': ours('onnx-plain') };
  if (installedEngines().some(({ name }) => name === 'tfjs')) contenders['tfjs'] = ours('tfjs');
  else console.error('SKIPPED: tfjs, because it is not set up (npm run setup:tfjs).');
  const peer = (packages: readonly string[], script: string, options: readonly string[] = []): Contender => ({
    program: benchPython(packages),
    script: [join(import.meta.dirname, 'peers', script)],
    options,
  });
  for (const [name, packages, script, ...options] of [
    ['keras', ['tensorflow', 'numpy'], 'keras_train.py', 'on'],
    ['keras-default', ['tensorflow', 'numpy'], 'keras_train.py'],
    ['torch', ['torch', 'numpy'], 'torch_train.py'],
  ] as const)
    try {
      contenders[name] = peer(packages, script, options);
    } catch (problem) {
      console.error(`SKIPPED: ${name}, because its Python environment cannot be made. ${String(problem)}`);
    }
  return contenders;
}

function figuresOf(runs: Runs): Figure[] {
  /** How many times as fast the first is, round by round; nothing where one is not here. */
  const ratio = (
    [preset, first, second]: readonly [Preset, string, string],
    atLeast: number,
    time: 'stepMs' | 'predictMs' = 'stepMs',
  ): Figure[] => {
    const [a, b] = [runs[preset][first], runs[preset][second]];
    const doing = time === 'stepMs' ? 'training' : 'prediction';
    const what = `${preset} ${doing}: ${first} / ${second}`;
    return a && b
      ? [
          figure(
            what,
            { atLeast },
            a.map((run, round) => b[round]![time]! / run[time]!),
          ),
        ]
      : [];
  };
  const peak = (engine: string, atMost: number): Figure[] => {
    const own = runs.lenet5[engine];
    const what = `lenet5 training: peak memory on ${engine}, MB`;
    return own
      ? [
          figure(
            what,
            { atMost },
            own.map(({ peakMegabytes }) => peakMegabytes),
          ),
        ]
      : [];
  };
  return [
    ...['keras', 'keras-default'].flatMap((keras) => [
      ...ratio(['lenet5', 'onnx', keras], 1.5),
      ...ratio(['lenet5', 'onnx-plain', keras], 1.1),
      ...ratio(['default', 'onnx', keras], 1.3),
      ...ratio(['lenet5', 'tfjs', keras], 0.8),
      ...presets.flatMap((preset) => ratio([preset, bestPredictor(runs, preset), keras], 1, 'predictMs')),
    ]),
    ...ratio(['lenet5', 'onnx', 'torch'], 2.6),
    ...ratio(['default', 'onnx', 'torch'], 1.5),
    ...peak('onnx', 800),
    ...peak('tfjs', 1600),
  ];
}

/** The engine whose median prediction is the fastest. */
function bestPredictor(runs: Runs, preset: Preset): string {
  const engines = ['onnx', 'tfjs'].filter((name) => name in runs[preset]);
  const median = (name: string) => spread(runs[preset][name]!.map(({ predictMs }) => predictMs!)).median;
  return engines.reduce((best, name) => (median(name) < median(best) ? name : best));
}

function summary(preset: Preset, measured: readonly Measured[], products: readonly number[]) {
  const imagesPerSecond = spread(measured.map(({ stepMs }) => (1000 * batch) / stepMs));
  const predictions = measured.flatMap(({ predictMs }) => predictMs ?? []);
  const gflops = (imagesPerSecond.median * trainingFlop(preset)) / 1e9;
  return {
    version: measured[0]!.version,
    imagesPerSecond,
    stepMs: spread(measured.map(({ stepMs }) => stepMs)),
    ...(predictions.length > 0 && {
      predictedPerSecond: spread(predictions.map((ms) => (1000 * batch) / ms)),
    }),
    shareOfMatrixProduct: gflops / spread(products).median,
  };
}

/** Of one image: forward, gradients of weights, gradients of inputs but for the picture's. */
function trainingFlop(preset: Preset): number {
  const { layers, multiplyAdds } = shapeNetwork(presetSpec(preset), { width: 96, height: 96 }, 30);
  const first = layers.find(({ type }) => type === 'conv');
  const ofPicture = first?.type === 'conv' ? sizeOf(first.weight.shape) * sizeOf(first.output.slice(1)) : 0;
  return 2 * (3 * multiplyAdds - ofPicture);
}

/** GFLOP/s of onnxruntime's product of two 2048 x 2048 matrices. */
async function matrixProductRate(): Promise<number> {
  const side = 2048;
  const graph = new Graph();
  const product = graph.op('MatMul', [graph.input('a', [side, side]), graph.input('b', [side, side])]);
  graph.output('c', product, [side, side]);
  const session = await ort.InferenceSession.create(await graph.encode(), { intraOpNumThreads: threads });
  const matrix = new ort.Tensor('float32', new Float32Array(side * side).fill(0.5), [side, side]);
  const seconds: number[] = [];
  for (let repeat = 0; repeat < 5; repeat++) {
    const start = performance.now();
    await session.run({ a: matrix, b: matrix });
    seconds.push((performance.now() - start) / 1000);
  }
  await session.release();
  return (2 * side ** 3) / Math.min(...seconds) / 1e9;
}
