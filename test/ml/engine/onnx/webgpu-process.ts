/**
 * The engine `webgpu` in a process of its own, because the loader of graphics drivers reads its environment when a process
 * starts. Without arguments this file is that process.
 */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type {
  Batch,
  Engine,
  PredictorConfig,
  Trainer,
  TrainerConfig,
} from '../../../../src/ml/engine/engine.ts';
import { loadEngine } from '../../../../src/ml/engine/engines.ts';

type State = ReturnType<Trainer['state']>;

/** What is done in the process: one training, or one prediction, from its beginning to its end. */
export type Work =
  | {
      readonly kind: 'train';
      readonly config: TrainerConfig;
      readonly start: State['parameters'];
      /** Goes on from there. */
      readonly from?: State;
      readonly batches: readonly Batch[];
      readonly rate: number;
    }
  | { readonly kind: 'predict'; readonly config: PredictorConfig; readonly images: Float32Array };

export interface Trained {
  readonly losses: number[];
  readonly state: State;
}

/** Debian's chromium-common has a driver that computes on the processor, and a loader for it beside it. */
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Does all of it one after the other. @throws Error when the engine does not load, or a work fails */
export function inWebGpuProcess(works: readonly Work[]): Promise<unknown[]> {
  const isSoftware = process.env['VK_DRIVER_FILES'] === undefined && existsSync(SOFTWARE_DRIVER);
  const driver = isSoftware
    ? { VK_DRIVER_FILES: SOFTWARE_DRIVER, LD_LIBRARY_PATH: dirname(SOFTWARE_DRIVER) }
    : {};
  const child = fork(import.meta.filename, {
    env: { ...process.env, ...driver, FIDUCIAL_WEBGPU_PROCESS: '1' },
    serialization: 'advanced',
    execArgv: [],
    silent: true,
  });
  return new Promise((resolve, reject) => {
    child.once('message', (answer: unknown[] | string) =>
      typeof answer === 'string' ? reject(new Error(answer)) : resolve(answer),
    );
    child.once('exit', (code, signal) => reject(new Error(`the process ended with ${signal ?? code}`)));
    child.send(works);
  });
}

async function done(engine: Engine, work: Work): Promise<unknown> {
  if (work.kind === 'predict') {
    const predictor = await engine.createPredictor(work.config);
    return predictor.predict(work.images);
  }
  const trainer = await engine.createTrainer(work.config, work.start);
  if (work.from) trainer.restore(work.from);
  const losses: number[] = [];
  for (const batch of work.batches) losses.push((await trainer.step(batch, work.rate)).loss);
  const state = trainer.state();
  await trainer.dispose();
  return { losses, state } satisfies Trained;
}

if (process.env['FIDUCIAL_WEBGPU_PROCESS'])
  process.once('message', (works: Work[]) => {
    const answer = async () => {
      const engine = await loadEngine('webgpu');
      const answers: unknown[] = [];
      for (const work of works) answers.push(await done(engine, work));
      return answers;
    };
    const leave = (message: unknown) => process.send!(message, () => process.exit());
    answer().then(leave, (error: Error) => leave(error.message));
  });
