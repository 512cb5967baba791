/** Trains a preset on noise: `train-steps.ts ENGINE PRESET BATCH STEPS THREADS`. Prints ms of the median step and peak memory as JSON. */
import { randomStream } from '../../src/domain/random.ts';
import type { EngineName } from '../../src/ml/engine/engine.ts';
import { loadEngine } from '../../src/ml/engine/engines.ts';
import { initialParameters } from '../../src/ml/network/initialise.ts';
import { presetSpec } from '../../src/ml/network/presets.ts';

const [engineName, preset, ...numbers] = process.argv.slice(2) as [EngineName, string, ...string[]];
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
const engine = await loadEngine(engineName);
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
const times: number[] = [];
for (let step = 0; step < steps; step++) {
  const start = performance.now();
  await trainer.step(batch, 1e-3);
  times.push(performance.now() - start);
}
await trainer.dispose();
// The first steps still take memory.
const settled = times.slice(3).sort((a, b) => a - b);
console.log(
  JSON.stringify({
    version: engine.version,
    stepMs: settled[settled.length >> 1],
    peakMegabytes: process.resourceUsage().maxRSS / 1000,
  }),
);
