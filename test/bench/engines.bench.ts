/**
 * Training speed of the engines on lenet5 and the default network, beside Keras in graph mode and PyTorch eager in
 * channels_last: the same networks, noise, batch, threads and optimizer, in turns on the same machine; and prediction
 * beside Keras. `onnx-plain` is the engine `onnx` without convolutions in blocks. `--json` prints one document.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { installedEngines } from '../../src/ml/engine/engines.ts';
import { Graph } from '../../src/ml/engine/onnx/graph.ts';
import { sizeOf } from '../../src/ml/network/placed.ts';
import { presetSpec } from '../../src/ml/network/presets.ts';
import { shapeNetwork } from '../../src/ml/network/shapes.ts';
import { benchPython } from './python.ts';

const [batch, steps, threads, rounds] = [64, 12, 2, 3];
const presets = ['lenet5', 'default'] as const;
type Preset = (typeof presets)[number];

/** What one process prints. */
interface Measured {
  readonly version: string;
  readonly stepMs: number;
  /** PyTorch is not asked. */
  readonly predictMs?: number;
  readonly peakMegabytes: number;
}

/** Programs that train, by name; given preset, batch, steps and threads. */
const contenders: Record<string, readonly string[]> = {};
const ours = join(import.meta.dirname, 'train-and-predict.ts');
contenders['onnx'] = [process.execPath, ours, 'onnx'];
contenders['onnx-plain'] = [process.execPath, ours, 'onnx-plain'];
if (installedEngines().some(({ name }) => name === 'tfjs'))
  contenders['tfjs'] = [process.execPath, ours, 'tfjs'];
else console.error('SKIPPED: tfjs, because it is not set up (npm run setup:tfjs).');
for (const [name, packages, script] of [
  ['keras', ['tensorflow', 'numpy'], 'keras_train.py'],
  ['torch', ['torch', 'numpy'], 'torch_train.py'],
] as const)
  try {
    contenders[name] = [benchPython(packages), join(import.meta.dirname, 'peers', script)];
  } catch (problem) {
    console.error(`SKIPPED: ${name}, because its Python environment cannot be made. ${String(problem)}`);
  }

/** By preset and contender, one for each round. */
const runs = Object.fromEntries(
  presets.map((preset) => [
    preset,
    Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as Measured[]])),
  ]),
) as Record<Preset, Record<string, Measured[]>>;
const products: number[] = [];
for (let round = 0; round < rounds; round++) {
  products.push(await matrixProductRate());
  for (const preset of presets)
    for (const [name, [program, ...given]] of Object.entries(contenders)) {
      const numbers = [batch, steps, threads].map(String);
      const output = execFileSync(program!, [...given, preset, ...numbers], { encoding: 'utf8' });
      runs[preset][name]!.push(JSON.parse(output) as Measured);
    }
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

/** Of one image: forward, gradients of weights, gradients of inputs but for the picture's. */
function trainingFlop(preset: Preset): number {
  const { layers, multiplyAdds } = shapeNetwork(presetSpec(preset), { width: 96, height: 96 }, 30);
  const first = layers.find(({ type }) => type === 'conv');
  const ofPicture = first?.type === 'conv' ? sizeOf(first.weight.shape) * sizeOf(first.output.slice(1)) : 0;
  return 2 * (3 * multiplyAdds - ofPicture);
}

function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)! };
}

function summary(preset: Preset, measured: readonly Measured[]) {
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
    peakMegabytes: Math.max(...measured.map(({ peakMegabytes }) => peakMegabytes)),
    shareOfMatrixProduct: gflops / spread(products).median,
  };
}

type Figure = 'stepMs' | 'predictMs';
/** How many times as fast the first is, round by round; undefined where one is not here. */
function ratio(preset: Preset, first: string, second: string, figure: Figure = 'stepMs') {
  const [a, b] = [runs[preset][first], runs[preset][second]];
  if (!a || !b) return undefined;
  return spread(a.map((run, round) => b[round]![figure]! / run[figure]!));
}

/** The engine whose median prediction is the fastest. */
function bestPredictor(preset: Preset): string {
  const engines = ['onnx', 'tfjs'].filter((name) => name in contenders);
  const median = (name: string) => spread(runs[preset][name]!.map(({ predictMs }) => predictMs!)).median;
  return engines.reduce((best, name) => (median(name) < median(best) ? name : best));
}

const ratios = [
  { what: 'lenet5: onnx / keras', target: 1.5, ratio: ratio('lenet5', 'onnx', 'keras') },
  { what: 'lenet5: onnx-plain / keras', target: 1.1, ratio: ratio('lenet5', 'onnx-plain', 'keras') },
  { what: 'lenet5: onnx / torch', target: 2.6, ratio: ratio('lenet5', 'onnx', 'torch') },
  { what: 'lenet5: tfjs / keras', target: 0.8, ratio: ratio('lenet5', 'tfjs', 'keras') },
  { what: 'default: onnx / keras', target: 1.3, ratio: ratio('default', 'onnx', 'keras') },
  { what: 'default: onnx / torch', target: 1.5, ratio: ratio('default', 'onnx', 'torch') },
  ...presets.map((preset) => ({
    what: `${preset}: prediction, ${bestPredictor(preset)} / keras`,
    target: 1,
    ratio: ratio(preset, bestPredictor(preset), 'keras', 'predictMs'),
  })),
].filter(({ ratio }) => ratio !== undefined);

const summaries = Object.fromEntries(
  presets.map((preset) => [
    preset,
    Object.fromEntries(
      Object.entries(runs[preset]).map(([name, measured]) => [name, summary(preset, measured)]),
    ),
  ]),
);
if (process.argv.includes('--json')) {
  const figures = {
    processor: cpus()[0]?.model,
    batch,
    steps,
    threads,
    rounds,
    ...summaries,
    ratios,
    matrixProductGflops: spread(products),
  };
  console.log(JSON.stringify(figures));
} else {
  for (const [preset, rows] of Object.entries(summaries))
    for (const [name, row] of Object.entries(rows)) {
      const { imagesPerSecond: rate, stepMs, predictedPerSecond: predicted } = row;
      console.log(
        `${preset.padEnd(7)} ${name.padEnd(10)} ${rate.median.toFixed(0).padStart(4)} images/s (${rate.min.toFixed(0)} to ${rate.max.toFixed(0)}), ` +
          `${stepMs.median.toFixed(0)} ms a step, ${(100 * row.shareOfMatrixProduct).toFixed(0)} % of a matrix product's rate, ` +
          `at most ${Math.round(row.peakMegabytes)} MB` +
          (predicted ? `; predicts ${predicted.median.toFixed(0)} images/s` : ''),
      );
    }
  for (const { what, target, ratio } of ratios)
    console.log(
      `${what.padEnd(34)} ${ratio!.median.toFixed(2)} (${ratio!.min.toFixed(2)} to ${ratio!.max.toFixed(2)}; target: at least ${target})`,
    );
  console.log(`A 2048-cubed matrix product runs at ${spread(products).median.toFixed(0)} GFLOP/s.`);
}
