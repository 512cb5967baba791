/**
 * Training speed of the engines: lenet5 on `onnx` and, where it is set up, on `tfjs`, beside PyTorch eager in
 * channels_last on the same noise, batch 64, two threads, Adam, in turns on the same machine; the share of the machine's
 * own matrix-product rate that `onnx` makes of it; and the default network. `--json` prints one document.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import { Graph } from '../../src/ml/engine/onnx/graph.ts';
import { installedEngines } from '../../src/ml/engine/engines.ts';
import { presetSpec } from '../../src/ml/network/presets.ts';
import { sizeOf } from '../../src/ml/network/placed.ts';
import { shapeNetwork } from '../../src/ml/network/shapes.ts';
import { benchPython } from './python.ts';

const [batch, steps, threads, rounds] = [64, 12, 2, 3];
const target = 1.8;

interface Measured {
  readonly version: string;
  readonly stepMs: number;
  readonly peakMegabytes: number;
}

const trainSteps = fileURLToPath(new URL('./train-steps.ts', import.meta.url));
let python: string | undefined;
try {
  python = benchPython(['torch', 'numpy']);
} catch (problem) {
  console.error(`SKIPPED: PyTorch, because its Python environment cannot be made. ${String(problem)}`);
}

const hasTfjs = installedEngines().some(({ name }) => name === 'tfjs');
if (!hasTfjs) console.error('SKIPPED: tfjs, because it is not set up (npm run setup:tfjs).');

const presets = ['lenet5', 'default'] as const;
const runs: Record<'lenet5' | 'default' | 'torch' | 'tfjsLenet5' | 'tfjsDefault', Measured[]> = {
  lenet5: [],
  default: [],
  torch: [],
  tfjsLenet5: [],
  tfjsDefault: [],
};
const products: number[] = [];
for (let round = 0; round < rounds; round++) {
  products.push(await matrixProductRate());
  for (const preset of presets) {
    runs[preset].push(measure(process.execPath, trainSteps, 'onnx', preset));
    const ofTfjs = preset === 'lenet5' ? runs.tfjsLenet5 : runs.tfjsDefault;
    if (hasTfjs) ofTfjs.push(measure(process.execPath, trainSteps, 'tfjs', preset));
  }
  if (python) runs.torch.push(measure(python, join(import.meta.dirname, 'peers', 'torch_lenet5.py')));
}

function measure(program: string, script: string, ...what: string[]): Measured {
  const numbers = [batch, steps, threads].map(String);
  const output = execFileSync(program, [script, ...what, ...numbers], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as Measured;
}

/** GFLOP/s of onnxruntime's product of two 2048 x 2048 matrices. */
async function matrixProductRate(): Promise<number> {
  const side = 2048;
  const graph = new Graph();
  graph.output('c', graph.op('MatMul', [graph.input('a', [side, side]), graph.input('b', [side, side])]), [
    side,
    side,
  ]);
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
function trainingFlop(preset: string): number {
  const { layers, multiplyAdds } = shapeNetwork(presetSpec(preset), { width: 96, height: 96 }, 30);
  const first = layers.find(({ type }) => type === 'conv');
  const ofPicture = first?.type === 'conv' ? sizeOf(first.weight.shape) * sizeOf(first.output.slice(1)) : 0;
  return 2 * (3 * multiplyAdds - ofPicture);
}

function spread(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)! };
}

function summary(measured: readonly Measured[]) {
  return {
    version: measured[0]!.version,
    imagesPerSecond: spread(measured.map(({ stepMs }) => (1000 * batch) / stepMs)),
    stepMs: spread(measured.map(({ stepMs }) => stepMs)),
    peakMegabytes: Math.max(...measured.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

const [lenet5, standard] = [summary(runs.lenet5), summary(runs.default)];
const torch = python ? summary(runs.torch) : undefined;
const tfjs = hasTfjs ? summary(runs.tfjsLenet5) : undefined;
const tfjsDefault = hasTfjs ? summary(runs.tfjsDefault) : undefined;
const matrixProductGflops = spread(products);
const gflops = (lenet5.imagesPerSecond.median * trainingFlop('lenet5')) / 1e9;
const shareOfMatrixProduct = gflops / matrixProductGflops.median;
const ratio = torch && lenet5.imagesPerSecond.median / torch.imagesPerSecond.median;

if (process.argv.includes('--json')) {
  const figures = {
    batch,
    steps,
    threads,
    rounds,
    lenet5,
    torch,
    ratio,
    default: standard,
    tfjs,
    tfjsDefault,
    matrixProductGflops,
    shareOfMatrixProduct,
  };
  console.log(JSON.stringify(figures));
} else {
  const rows = {
    'onnx lenet5': lenet5,
    'tfjs lenet5': tfjs,
    'torch lenet5': torch,
    'onnx default': standard,
    'tfjs default': tfjsDefault,
  };
  for (const [name, row] of Object.entries(rows)) {
    if (!row) continue;
    const { imagesPerSecond: rate, stepMs, peakMegabytes } = row;
    console.log(
      `${name.padEnd(13)} ${rate.median.toFixed(0).padStart(4)} images/s (${rate.min.toFixed(0)} to ${rate.max.toFixed(0)}), ` +
        `${stepMs.median.toFixed(0)} ms a step, at most ${Math.round(peakMegabytes)} MB`,
    );
  }
  if (ratio) console.log(`ratio         ${ratio.toFixed(2)} (target: at least ${target})`);
  console.log(
    `matrix work   ${gflops.toFixed(0)} of ${matrixProductGflops.median.toFixed(0)} GFLOP/s that a 2048-cubed product gets: ` +
      `${(100 * shareOfMatrixProduct).toFixed(0)} %`,
  );
}
