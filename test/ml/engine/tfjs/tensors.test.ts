import { expect, test } from 'vitest';
import { loadEngine } from '../../../../src/ml/engine/engines.ts';
import { loadRuntime } from '../../../../src/ml/engine/tfjs/runtime.ts';
import { everyLayer, randomBatch, randomParameters, smallConfig } from '../small-networks.ts';

const engine = await loadEngine('tfjs').catch((error: Error) => error);

if (engine instanceof Error) test.skip(`engine tfjs, tensors: ${engine.message}`);
else
  test('after each epoch there are as many tensors as before it', async () => {
    const { runtime } = loadRuntime();
    const before = runtime.getNumOfTensors();
    const config = smallConfig(everyLayer, { width: 9, height: 8 });
    const trainer = await engine.createTrainer(config, randomParameters(config));
    for (let epoch = 0; epoch < 3; epoch++) {
      for (let step = 0; step < 3; step++) await trainer.step(randomBatch(config, step), 0.01);
      const { parameters } = trainer.state();
      const predictor = await engine.createPredictor({ ...config, parameters });
      await predictor.predict(randomBatch(config).images);
      await predictor.dispose();
      expect(runtime.getNumOfTensors()).toBe(before);
    }
    trainer.restore(trainer.state());
    await trainer.dispose();
    expect(runtime.getNumOfTensors()).toBe(before);
  });
