/** How quickly an engine trains. */
import { availableParallelism } from 'node:os';
import { randomStream } from '../../domain/random.ts';
import { initialParameters } from '../network/initialise.ts';
import type { Engine, TrainerConfig } from './engine.ts';

export type Exercise = Pick<TrainerConfig, 'spec' | 'input' | 'outputs' | 'batchSize' | 'optimizer' | 'loss'>;

/** Trains on noise for about so many seconds. @returns images a second, the first step, which plans memory, left out */
export async function trainingSpeed(engine: Engine, exercise: Exercise, seconds: number): Promise<number> {
  const { spec, input, outputs, batchSize } = exercise;
  const config = { ...exercise, threads: availableParallelism(), seed: 1 };
  const trainer = await engine.createTrainer(config, initialParameters(spec, input, outputs, 1));
  const random = randomStream(1);
  const batch = {
    images: Float32Array.from({ length: batchSize * input.width * input.height }, () => random.normal()),
    targets: Float32Array.from({ length: batchSize * outputs }, () => random.normal()),
    mask: new Float32Array(batchSize * outputs).fill(1),
  };
  await trainer.step(batch, 0);
  const begun = performance.now();
  let [steps, spent] = [0, 0];
  for (; spent < 1000 * seconds; spent = performance.now() - begun) {
    await trainer.step(batch, 0);
    steps++;
  }
  await trainer.dispose();
  return (1000 * steps * batchSize) / spent;
}
