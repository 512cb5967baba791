import { expect, test } from 'vitest';
import { loadEngine } from '../../../src/ml/engine/engines.ts';
import type { OptimizerConfig } from '../../../src/ml/engine/engine.ts';
import { initialParameters } from '../../../src/ml/network/initialise.ts';
import { gradientNorm } from '../../../src/ml/training/gradient-norm.ts';

const spec = { layers: [{ type: 'flatten' }] } as const;
const input = { width: 2, height: 2 };
const batch = {
  images: Float32Array.of(1, 2, 3, 4),
  targets: Float32Array.of(1),
  mask: Float32Array.of(1),
};

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** One output y = w x + b with loss (y - t)^2: its gradient is 2 (y - t) (x, 1), of length 2 |y - t| sqrt(31). */
test.each<OptimizerConfig>([
  { kind: 'sgd', momentum: 0.9, weightDecay: 0.1 },
  { kind: 'adam', ...adam, weightDecay: 0.1 },
  { kind: 'adamw', ...adam, weightDecay: 0.1 },
])('the gradient of a step by $kind has the length that calculus gives', async (optimizer) => {
  const config = { spec, input, outputs: 1, batchSize: 1, optimizer, loss: { kind: 'mse' }, threads: 1, seed: 1 } as const; // prettier-ignore
  const engine = await loadEngine('onnx');
  const trainer = await engine.createTrainer(config, initialParameters(spec, input, 1, 1));
  await trainer.step(batch, 0.01);
  const before = trainer.state();
  await trainer.step(batch, 0.01);
  const after = trainer.state();
  await trainer.dispose();
  const w = before.parameters.get('output.weight')!.data;
  const b = before.parameters.get('output.bias')!.data[0]!;
  const y = batch.images.reduce((sum, x, i) => sum + w[i]! * x, b);
  expect(gradientNorm(optimizer, before, after)).toBeCloseTo(2 * Math.abs(y - 1) * Math.sqrt(31), 3);
});
