import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputProblem } from '../../src/domain/problem.ts';
import { randomStream } from '../../src/domain/random.ts';
import { readCheckpoint } from '../../src/ml/training/checkpoint.ts';
import { curvesFile, readCurves } from '../../src/ml/training/curves.ts';
import type {
  Picture,
  TrainCommand,
  TrainerCommand,
  TrainerMessage,
  TrainResult,
} from '../../src/ml/training/messages.ts';
import { type PredictionsFile, predictionsFile } from '../../src/ml/training/predictions.ts';
import { bestCheckpoint, keptEpochs, lastCheckpoint } from '../../src/ml/training/checkpoints.ts';
import { Inspector } from '../../src/trainer/inspector.ts';
import type { Placement } from '../../src/trainer/model.ts';
import { drawSpots, newRun, smallConfig, spotsWorkspace } from './spots-workspace.ts';

const entry = fileURLToPath(new URL('../../src/trainer/main.ts', import.meta.url));

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts the training process as the service does. */
function start(command: TrainerCommand) {
  const child: ChildProcess = fork(entry, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  children.push(child);
  const messages: TrainerMessage[] = [];
  const seen = new Map<string, PromiseWithResolvers<void>>();
  const waiting = (type: string) => {
    if (!seen.has(type)) seen.set(type, Promise.withResolvers());
    return seen.get(type)!;
  };
  child.on('message', (message: TrainerMessage) => {
    messages.push(message);
    waiting(message.type).resolve();
  });
  child.send(command);
  return {
    child,
    messages,
    first: (type: TrainerMessage['type']) => waiting(type).promise,
    ended: once(child, 'exit').then(() => messages.at(-1)),
  };
}

const workspace = mkdtempSync(join(tmpdir(), 'fiducial-trainer-'));
let content: ReturnType<typeof spotsWorkspace>;
beforeAll(() => {
  content = spotsWorkspace(workspace);
});
afterAll(() => {
  rmSync(workspace, { recursive: true });
});

let runs = 0;
function trainCommand(epochs?: number): TrainCommand {
  const runDirectory = newRun(workspace, String(++runs));
  return {
    command: 'train',
    workspace,
    runDirectory,
    config: smallConfig(content.snapshot, epochs),
  };
}

const weights = ({ runDirectory }: TrainCommand) =>
  readCheckpoint(join(runDirectory, lastCheckpoint)).tensors;

describe('training', () => {
  test('tells its phases, epochs and result', async () => {
    const command = trainCommand();
    const { messages, ended } = start(command);
    const last = await ended;

    const phases = messages.flatMap((message) => (message.type === 'phase' ? [message.phase] : []));
    expect(phases).toEqual(['loading', 'splitting', 'baselines', 'training', 'evaluating', 'predicting']);
    expect(messages.filter(({ type }) => type === 'epoch')).toHaveLength(12);
    expect(last).toMatchObject({
      type: 'finished',
      result: { command: 'train', engine: 'onnx', epochs: 12, steps: 48, predictions: predictionsFile },
    });
    const { result } = last as { result: TrainResult };
    expect(result.trainingImages + result.validationImages).toBe(36);
    expect(result.validation!.rmse).toBeGreaterThan(0);
    expect(result.baselines!.meanShape).toBeGreaterThan(0);
    expect(result.peakMemory).toBeLessThan(1e9);
  });

  test('predicts test images, and those that lack a point, in their own pixels', async () => {
    const command = trainCommand(2);
    await start(command).ended;
    const file = readFileSync(join(command.runDirectory, predictionsFile), 'utf8');
    const { images, points } = JSON.parse(file) as PredictionsFile;
    const everyThird = Array.from({ length: 12 }, (_, i) => 1 + 3 * i); // without a third point
    expect(images).toEqual([...everyThird, ...content.testImages]);
    // The first test image is 48 pixels wide, so its keypoints lie about 24, those of the others about 48.
    expect(Math.abs(points[12]![0]! - 24)).toBeLessThan(15);
    expect(Math.abs(points[13]![0]! - 48)).toBeLessThan(25);
  });

  test('computes baselines once for a snapshot and split', async () => {
    await start(trainCommand(1)).ended;
    const cache = readdirSync(join(workspace, 'cache'));
    await start(trainCommand(1)).ended;
    expect(readdirSync(join(workspace, 'cache'))).toEqual(cache);
    expect(cache).toHaveLength(1);
  });

  test('that is told to stop ends at a checkpoint, and going on gives the weights of an unbroken run', async () => {
    const [unbroken, broken] = [trainCommand(60), trainCommand(60)];
    const whole = start(unbroken).ended;
    const { child, first, ended } = start(broken);
    await first('epoch');
    child.send({ command: 'stop' });
    expect(await ended).toMatchObject({ type: 'stopped' });
    expect(await start(broken).ended).toMatchObject({ type: 'finished' });
    await whole;
    expect(weights(broken)).toEqual(weights(unbroken));
  });

  test('that is killed goes on from its checkpoint to the weights of an unbroken run', async () => {
    const [unbroken, broken] = [trainCommand(60), trainCommand(60)];
    const whole = start(unbroken).ended;
    const { child, first, ended } = start(broken);
    await first('epoch');
    child.kill('SIGKILL');
    expect(await ended).not.toMatchObject({ type: 'finished' });
    expect(await start(broken).ended).toMatchObject({ type: 'finished' });
    await whole;
    expect(weights(broken)).toEqual(weights(unbroken));
  });

  test('that is killed again and again, at any moment, loses nothing that it had reached', async () => {
    const [unbroken, broken] = [trainCommand(120), trainCommand(120)];
    await start(unbroken).ended;
    const random = randomStream(11);
    let reached = 0;
    for (let kill = 0; kill < 3; kill++) {
      const { child, first, ended } = start(broken);
      await Promise.race([first('progress'), ended]); // it may have little left to do
      await setTimeout(300 * random.uniform());
      child.kill('SIGKILL');
      await ended;
      const { meta } = readCheckpoint<{ step: number }>(join(broken.runDirectory, lastCheckpoint));
      expect(meta.step).toBeGreaterThanOrEqual(reached);
      reached = meta.step;
    }
    expect(await start(broken).ended).toMatchObject({ type: 'finished', result: { epochs: 120 } });
    expect(weights(broken)).toEqual(weights(unbroken));
    expect(keptEpochs(broken.runDirectory).map(({ epoch }) => epoch)).toEqual([32, 64, 96]);
    expect(readCurves(join(broken.runDirectory, curvesFile)).map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: 120 }, (_, i) => i + 1),
    );
  }, 60_000);

  test('that is killed while it is held goes on from where it was held', async () => {
    const command = trainCommand(1000);
    const { child, first, ended } = start(command);
    await first('epoch');
    child.send({ command: 'pause' });
    await first('paused');
    child.send({ command: 'pause' }); // held is held
    await setTimeout(100);
    const { meta } = readCheckpoint<{ step: number }>(join(command.runDirectory, lastCheckpoint));
    child.kill('SIGKILL');
    await ended;
    const next = start(command);
    await next.first('progress');
    expect(next.messages.find(({ type }) => type === 'progress')).toMatchObject({
      epoch: Math.floor(meta.step / 4) + 1,
      batch: (meta.step % 4) + 1,
    });
    next.child.send({ command: 'stop' });
    await next.ended;
  });

  test.skipIf(process.platform !== 'linux')('leaves the processor to others, its threads too', async () => {
    const command = trainCommand(1000);
    const { child, first, ended } = start({ ...command, config: { ...command.config, threads: 2 } });
    await first('epoch');
    const tasks = `/proc/${child.pid}/task`;
    const niceness = readdirSync(tasks).map((task) => {
      const fields = readFileSync(join(tasks, task, 'stat'), 'utf8')
        .split(') ')[1]!
        .split(' ');
      return Number(fields[16]); // proc(5) counts it as the nineteenth
    });
    child.send({ command: 'stop' });
    await ended;
    // Those that Node starts with the process wait for work that there is none of.
    expect(niceness.filter((nice) => nice >= 7).length).toBeGreaterThan(3);
    expect(niceness[0]).toBeGreaterThanOrEqual(7);
  });

  test('stops with a checkpoint on Ctrl+C and when its parent is gone', async () => {
    for (const end of [
      (child: ChildProcess) => child.kill('SIGINT'),
      (child: ChildProcess) => child.disconnect(),
    ]) {
      const command = trainCommand(1000);
      const { child, first } = start(command);
      const exit = once(child, 'exit');
      await first('epoch');
      end(child);
      expect(await exit).toEqual([0, null]);
      expect(
        readCheckpoint<{ step: number }>(join(command.runDirectory, lastCheckpoint)).meta.step,
      ).toBeGreaterThan(3);
    }
  });

  test('that diverges fails with the reason', async () => {
    const command = trainCommand();
    const recipe = {
      ...command.config.recipe,
      loss: { kind: 'mse' },
      schedule: { kind: 'constant', rate: 1e30 },
    } as const;
    const last = await start({ ...command, config: { ...command.config, recipe } }).ended;
    expect(last).toMatchObject({ type: 'failed', input: false });
    expect(last).toHaveProperty('reason', expect.stringMatching(/diverged/));
  });

  test("on a snapshot that is not there fails as the user's input", async () => {
    const command = trainCommand();
    const last = await start({ ...command, config: { ...command.config, snapshot: 'none' } }).ended;
    expect(last).toMatchObject({ type: 'failed', input: true });
  });
});

/** What is asked of the network of a run. */
const askOf = ({ config, ...place }: TrainCommand) => ({
  workspace: place.workspace,
  runDirectory: place.runDirectory,
  models: [{ config, runDirectory: place.runDirectory }],
});

const placed = ({ workspace, config, runDirectory }: TrainCommand, pictures: readonly Picture[]) => {
  const models = [{ config, runDirectory }];
  const listener = { signal: new AbortController().signal, onProgress: () => undefined };
  const question = { ask: 'place', workspace, models, pictures } as const;
  return new Inspector().answer(question, listener) as Promise<Placement[]>;
};

describe('a finished run', () => {
  let trained: TrainCommand;
  let result: TrainResult;
  beforeAll(async () => {
    trained = trainCommand();
    ({ result } = (await start(trained).ended) as { result: TrainResult });
  });

  test('is evaluated to what training found', async () => {
    const last = await start({ ...askOf(trained), command: 'evaluate' }).ended;
    expect(last).toMatchObject({ type: 'finished', result: { command: 'evaluate' } });
    const { validation, baselines } = (last as { result: TrainResult }).result;
    expect(validation).toEqual(result.validation);
    expect(baselines).toEqual(result.baselines);
  });

  test('places keypoints on pictures of any size', async () => {
    const pictures = [
      { width: 96, height: 96, ...drawSpots(100, 96) },
      { width: 192, height: 192, ...drawSpots(100, 192) },
    ].map(({ width, height, pixels }) => ({ width, height, pixels }));
    const [small, large] = await placed(trained, pictures);
    expect(small!.points).toHaveLength(6);
    expect(large!.points[0]! / 2).toBeCloseTo(small!.points[0]!, -1);
    expect(large!.spread[0]! / 2 / small!.spread[0]!).toBeCloseTo(1, 0.5); // within 16 %
  });

  test("without its checkpoint is the user's problem to know", async () => {
    const empty = { ...trained, runDirectory: newRun(workspace, 'empty') };
    await expect(placed(empty, [])).rejects.toThrow(InputProblem);
    expect(existsSync(join(trained.runDirectory, bestCheckpoint))).toBe(true);
  });
});
