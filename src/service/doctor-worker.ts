/** Tries every engine, then trains a network on noise for a few seconds; sends what it found and ends. */
import { availableParallelism } from 'node:os';
import { face15 } from '../domain/schema.ts';
import { randomStream } from '../domain/random.ts';
import { findEngines, loadEngine } from '../ml/engine/engines.ts';
import { initialParameters } from '../ml/network/initialise.ts';
import { presetSpec } from '../ml/network/presets.ts';
import { parent } from '../ml/training/parent.ts';

export interface DoctorFindings {
  readonly engines: { name: string; version: string | null; problem: string | null }[];
  readonly speed: { engine: string; preset: string; batchSize: number; imagesPerSecond: number } | null;
}

const seconds = 5;
const preset = 'lenet5';
const batchSize = 64;
const input = { width: 96, height: 96 };

const engines = (await findEngines()).map((engine) => ({
  name: engine.name,
  version: engine.found ? engine.version : null,
  problem: engine.found ? null : engine.reason,
}));
const findings: DoctorFindings = { engines, speed: null };
parent.send(findings);
const works = engines.some(({ problem }) => problem === null);
parent.leave(works ? { ...findings, speed: await measure() } : findings, 0);

async function measure(): Promise<NonNullable<DoctorFindings['speed']>> {
  const engine = await loadEngine('auto');
  const spec = presetSpec(preset);
  const outputs = 2 * face15.keypoints.length;
  const config = {
    spec,
    input,
    outputs,
    batchSize,
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    loss: { kind: 'mse' },
    threads: availableParallelism(),
    seed: 1,
  } as const;
  const trainer = await engine.createTrainer(config, initialParameters(spec, input, outputs, 1));
  const random = randomStream(1);
  const batch = {
    images: Float32Array.from({ length: batchSize * input.width * input.height }, () => random.normal()),
    targets: Float32Array.from({ length: batchSize * outputs }, () => random.normal()),
    mask: new Float32Array(batchSize * outputs).fill(1),
  };
  await trainer.step(batch, 1e-3); // the first one plans memory
  const begun = performance.now();
  let steps = 0;
  while (performance.now() - begun < 1000 * seconds) {
    await trainer.step(batch, 1e-3);
    steps++;
  }
  const imagesPerSecond = (1000 * steps * batchSize) / (performance.now() - begun);
  await trainer.dispose();
  return { engine: engine.name, preset, batchSize, imagesPerSecond };
}
