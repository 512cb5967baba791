/**
 * Trains a preset on noise, then predicts: `train-and-predict.ts ENGINE PRESET BATCH STEPS THREADS`, where `onnx-plain` is
 * the engine `onnx` with standard operators only. Prints ms of the median step and of the median prediction of a batch,
 * and the peak memory of training, as JSON.
 */
import { randomStream } from '../../src/domain/random.ts';
import type { EngineName } from '../../src/ml/engine/engine.ts';
import { loadEngine } from '../../src/ml/engine/engines.ts';
import { loadOnnxEngine } from '../../src/ml/engine/onnx/engine.ts';
import { initialParameters } from '../../src/ml/network/initialise.ts';
import { presetSpec } from '../../src/ml/network/presets.ts';
import { peakMemory } from '../../src/trainer/peak-memory.ts';
import { percentile } from './percentiles.ts';

/** The first ones still take memory. */
const UNSETTLED = 3;

const [engineName, preset, ...numbers] = process.argv.slice(2) as [string, string, ...string[]];
const [batchSize, steps, threads] = numbers.map(Number) as [number, number, number];
const spec = presetSpec(preset);
const input = { width: 96, height: 96 };
const outputs = 30;
const random = randomStream(1);
const batch = {
  images: new Float32Array(batchSize * input.width * input.height).map(() => random.normal()),
  targets: new Float32Array(batchSize * outputs).map(() => random.normal()),
  mask: new Float32Array(batchSize * outputs).fill(1),
};
process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
const engine =
  engineName === 'onnx-plain' ? await loadOnnxEngine('plain') : await loadEngine(engineName as EngineName);
const trainer = await engine.createTrainer(
  {
    spec,
    input,
    outputs,
    batchSize,
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    loss: { kind: 'mse' },
    threads,
    seed: 1,
  },
  initialParameters(spec, input, outputs, 1),
);
const stepMs = await median(() => trainer.step(batch, 1e-3));
const peakMegabytes = peakMemory() / 1e6;
const { parameters } = trainer.state();
await trainer.dispose();
const predictor = await engine.createPredictor({ spec, input, outputs, parameters, threads });
const predictMs = await median(() => predictor.predict(batch.images));
await predictor.dispose();
console.log(JSON.stringify({ version: engine.version, stepMs, predictMs, peakMegabytes }));

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return percentile(times.slice(UNSETTLED), 0.5);
}
