/** Gradients as a step shows them. */
import { expect } from 'vitest';
import type { Batch, InputShape, LossConfig, Parameters, Trainer } from '../../../src/ml/engine/engine.ts';
import type { Layer } from '../../../src/domain/network-spec.ts';
import { referenceEngine } from './reference.ts';
import { randomBatch, randomParameters, smallConfig } from './small-networks.ts';
import type { TestedEngine } from './suite.ts';

/** Half the distance between the two points of a difference. */
const STEP = 2e-3;
/** Elements of a parameter for which differences are taken. */
const SAMPLES = 8;

/** What one step of plain gradient descent with learning rate 1 takes off. */
export async function gradientOf(
  trainer: Trainer,
  start: Parameters,
  batch: Batch,
): Promise<Map<string, Float32Array>> {
  trainer.restore({ step: 0, parameters: start, slots: trainer.state().slots });
  await trainer.step(batch, 1);
  const after = trainer.state().parameters;
  return new Map(
    [...start].map(([name, { data }]) => [name, data.map((value, at) => value - after.get(name)!.data[at]!)]),
  );
}

/**
 * Compares the gradient of some elements of every parameter with finite differences, and of all of them with the
 * reference's, which differentiates by itself.
 */
export async function expectTrueGradient(
  engine: TestedEngine,
  layers: Layer[],
  input: InputShape,
  loss: LossConfig,
  given?: Batch,
) {
  const config = smallConfig(layers, input, { loss });
  const start = randomParameters(config);
  const batch = given ?? randomBatch(config);
  const trainer = await engine.createTrainer(config, start);
  const { slots } = trainer.state();
  const gradient = await gradientOf(trainer, start, batch);
  const reference = await gradientOf(await referenceEngine.createTrainer(config, start), start, batch);
  const lossWith = async (name: string, at: number, offset: number): Promise<number> => {
    const { data, shape } = start.get(name)!;
    const moved = data.slice();
    moved[at]! += offset;
    trainer.restore({ step: 0, slots, parameters: new Map([...start, [name, { data: moved, shape }]]) });
    return (await trainer.step(batch, 0)).loss;
  };
  for (const [name, { data }] of start) {
    if (/running/.test(name)) continue;
    const found = gradient.get(name)!;
    for (let at = 0; at < data.length; at += Math.ceil(data.length / SAMPLES)) {
      const difference = (await lossWith(name, at, STEP)) - (await lossWith(name, at, -STEP));
      expectNear(name, at, found[at]!, difference / (2 * STEP), 1e-3, 1e-2);
    }
    for (const [at, value] of reference.get(name)!.entries())
      expectNear(name, at, found[at]!, value, 1e-5, 1e-4);
  }
  await trainer.dispose();
}

function expectNear(
  name: string,
  at: number,
  found: number,
  expected: number,
  absolute: number,
  relative: number,
) {
  expect(Math.abs(found - expected), `${name}[${at}]: ${found} instead of ${expected}`).toBeLessThan(
    absolute + relative * Math.abs(expected),
  );
}
