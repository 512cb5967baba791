/** The engine `tfjs`: TensorFlow, as tfjs-node brings it along, executes graphs that hold whole training steps. */
import type { Engine } from '../engine.ts';
import { createPredictor } from './predictor.ts';
import { loadRuntime } from './runtime.ts';
import { createTrainer } from './trainer.ts';

/**
 * Every trainer and predictor of a process works with the threads that TensorFlow made when it was loaded
 * (TF_NUM_INTRAOP_THREADS, by default one for each core), whatever their configs say.
 * @throws InputProblem where tfjs-node is missing or does not load
 */
export function loadTfjsEngine(): Engine {
  const { runtime, version } = loadRuntime();
  return {
    name: 'tfjs',
    version: `${version} on TensorFlow ${runtime.TF_Version}`,
    createTrainer: async (config, start) => createTrainer(runtime, config, start),
    createPredictor: async (config) => createPredictor(runtime, config),
  };
}
