/** Real trainings of a tiny network on drawn spots. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { RunEvent, StartInput } from '../../src/contract/runs.ts';
import type { RunConfig } from '../../src/ml/training/config.ts';
import { openService, type Service } from '../../src/service/service.ts';
import { smallConfig, spotsWorkspace } from '../trainer/spots-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-runs-'));
let service: Service;
beforeAll(() => {
  spotsWorkspace(folder);
  service = openService(folder);
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});
const runs = () => service.client.runs;

const { spec, recipe } = smallConfig('');
const small = (epochs: number, more: Partial<StartInput> = {}): StartInput => ({ spec, recipe, epochs, seed: 1, ...more }); // prettier-ignore
const endless = 100_000;

/** Events of a run up to the first that is wanted. */
async function until(run: number, wanted: (event: RunEvent) => boolean): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of await runs().watch({ run })) {
    events.push(event);
    if (wanted(event)) return events;
  }
  throw new Error('It ended before.');
}
const ended = (run: number) => until(run, ({ type }) => type === 'ended');

/** Stops at the end of the test, whatever became of it. */
async function started(input: StartInput) {
  const run = await runs().start(input);
  onTestFinished(async () => {
    await runs()
      .stop({ run: run.runId })
      .catch(() => undefined);
  });
  return run;
}

test('one run trains at a time; the next begins when it ends, or leaves the queue when it is stopped', async () => {
  const first = await started(small(endless));
  const second = await started(small(2));
  const third = await started(small(2));
  expect([first, second, third].map(({ status, ahead }) => [status, ahead])).toEqual([
    ['running', null],
    ['queued', 1],
    ['queued', 2],
  ]);
  expect(await runs().stop({ run: second.runId })).toMatchObject({ status: 'stopped', ahead: null });
  const waiting = ended(third.runId);
  await runs().stop({ run: first.runId });
  const events = await waiting;
  expect(events[0]).toEqual({ type: 'phase', phase: 'queued' });
  expect(events.at(-1)).toMatchObject({ type: 'ended', run: { status: 'finished', epochs: 2 } });
});

test('epochs come with both errors, the worst faces and the baselines', async () => {
  const { runId } = await started(small(3));
  const epochs = (await ended(runId)).flatMap((event) => (event.type === 'epoch' ? [event] : []));
  expect(epochs.map(({ point }) => point.epoch)).toEqual([1, 2, 3]);
  const { point, worst, baselines } = epochs[2]!;
  expect(point.trainRmse).toBeGreaterThan(0);
  expect(worst.faces[0]!.rmse).toBeGreaterThanOrEqual(worst.faces.at(-1)!.rmse);
  expect(worst.faces[0]!.points).toHaveLength(3);
  expect(baselines.map(({ name }) => name)).toContain('mean shape');
  const seen = await runs().get({ run: runId });
  expect(seen).toMatchObject({
    worst: { epoch: 3 },
    checkpoints: [{ epoch: 1 }, { epoch: 2 }, { epoch: 3 }],
  });
  expect(seen.curve[2]).toEqual(point);
});

test('a run that is paused stays where it is until it may go on', async () => {
  const { runId } = await started(small(endless));
  await until(runId, ({ type }) => type === 'epoch');
  const pausing = until(runId, ({ type }) => type === 'paused');
  await runs().pause({ run: runId });
  await pausing;
  const { epochs, paused } = await runs().get({ run: runId });
  expect(paused).toBe(true);
  expect((await until(runId, ({ type }) => type === 'paused')).at(-1)).toEqual({
    type: 'paused',
    paused: true,
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await runs().get({ run: runId })).toMatchObject({ epochs, status: 'running' });
  const going = until(runId, (event) => event.type === 'epoch' && event.point.epoch > epochs);
  await runs().goOn({ run: runId });
  await going;
  expect(await runs().stop({ run: runId })).toMatchObject({ status: 'stopped', paused: false });
});

test('a stopped run goes on from an epoch that is kept, and gives up what came after', async () => {
  const { runId } = await started(small(endless));
  await until(runId, (event) => event.type === 'epoch' && event.point.epoch >= 6);
  await runs().stop({ run: runId });
  const before = await runs().get({ run: runId });
  const { epoch } = before.checkpoints[0]!;
  expect(epoch).toBeLessThan(before.epochs);
  await runs().resume({ run: runId, epoch });
  const events = await until(runId, ({ type }) => type === 'epoch');
  expect(events.at(-1)).toMatchObject({ type: 'epoch', point: { epoch: epoch + 1 } });
  await runs().stop({ run: runId });
  await expect(runs().resume({ run: runId, epoch: 99_999 })).rejects.toThrow('no checkpoint of this epoch');
});

test('a run that waits is still queued for the next service, which leaves it to a person', async () => {
  const first = await runs().start(small(endless));
  const second = await runs().start(small(2));
  await service.close();
  service = openService(folder);
  const statuses = async () => {
    const all = await runs().list();
    return [first, second].map(({ runId }) => all.find((run) => run.runId === runId)!.status);
  };
  expect(await statuses()).toEqual(['stopped', 'queued']);
  await runs().resume({ run: second.runId });
  await ended(second.runId);
  expect(await statuses()).toEqual(['stopped', 'finished']);
});

describe('rows', () => {
  test('that are complete, or that a filter asks for, are learned from; what validates is the same', async () => {
    const all = await started(small(1));
    const complete = await started(small(1, { rows: { kind: 'complete' } }));
    const filtered = await started(small(1, { rows: { kind: 'filter', filter: { complete: false, kind: 'training' } } })); // prettier-ignore
    await ended(filtered.runId);
    const seen = await Promise.all([all, complete, filtered].map(({ runId }) => runs().get({ run: runId })));
    const counts = seen.map(({ trainingImages, validationImages }) => [trainingImages, validationImages]);
    const [[whole, validation]] = counts as [[number, number]];
    expect(counts.map(([, held]) => held)).toEqual([validation, validation, validation]);
    expect(counts[1]![0]! + counts[2]![0]!).toBe(whole);
    expect(seen.map(({ rows }) => rows)).toEqual(['all', 'complete', 'filter']);
  });

  test('that are none are said before anything is trained for long', async () => {
    const { runId } = await started(small(1, { rows: { kind: 'filter', filter: { kind: 'test' } } }));
    const last = (await ended(runId)).at(-1);
    expect(last).toMatchObject({ run: { status: 'failed', error: expect.stringContaining('nothing to learn from') as string } }); // prettier-ignore
  });
});

test('a run starts from the parameters of another one, and is judged on the same people', async () => {
  const first = await started(small(4));
  await ended(first.runId);
  const next = await started({
    from: { run: first.runId, epoch: 2 },
    epochs: 1,
    split: { validation: 0.4, seed: 9 },
  });
  expect(next).toMatchObject({ network: 'custom', start: { run: first.runId, epoch: 2 } });
  await ended(next.runId);
  const [before, after] = [await runs().get({ run: first.runId }), await runs().get({ run: next.runId })];
  expect((after.config as RunConfig).recipe.batchSize).toBe(recipe.batchSize);
  expect(after.validationImages).toBe(before.validationImages);
  // It begins where the other was after two epochs, not where an untrained network is.
  expect(after.curve[0]!.validationRmse).toBeLessThan(before.curve[0]!.validationRmse);
});

describe('an ensemble that is trained as one', () => {
  const seeds = async (members: readonly number[]) =>
    Promise.all(members.map(async (run) => (await runs().get({ run })).seed));

  test('trains its members one after the other with other seeds, then averages them', async () => {
    const whole = await started(small(2, { seed: 5, ensemble: 3 }));
    expect(whole).toMatchObject({ network: 'ensemble', status: 'queued' });
    expect(await seeds(whole.members)).toEqual([5, 6, 7]);
    const [last] = (await ended(whole.runId)).slice(-1);
    expect(last).toMatchObject({ run: { status: 'finished', members: whole.members } });
    const ofMembers = await Promise.all(whole.members.map((run) => runs().get({ run })));
    expect(ofMembers.map(({ status }) => status)).toEqual(['finished', 'finished', 'finished']);
  });

  test('shares its time among the members', async () => {
    const { members } = await started(small(2, { ensemble: 2, timeLimit: 3600 }));
    const configs = await Promise.all(members.map((run) => runs().get({ run })));
    for (const { config } of configs) {
      const { timeLimit } = config as RunConfig;
      expect(timeLimit).toBeGreaterThan(1780);
      expect(timeLimit).toBeLessThan(1800);
    }
  });

  test('is stopped with its members, and goes on with those that have not finished', async () => {
    const { runId, members } = await started(small(endless, { ensemble: 2 }));
    await until(members[0]!, ({ type }) => type === 'epoch');
    await runs().stop({ run: runId });
    const states = async () =>
      Promise.all([...members, runId].map(async (run) => (await runs().get({ run })).status));
    expect(await states()).toEqual(['stopped', 'stopped', 'stopped']);
    await runs().resume({ run: runId });
    expect(await states()).toEqual(['running', 'queued', 'queued']);
    await runs().stop({ run: runId });
  });

  test('fails where a member was stopped, and says which', async () => {
    const { runId, members } = await started(small(endless, { ensemble: 2 }));
    await runs().stop({ run: members[1]! });
    await runs().stop({ run: members[0]! });
    const [last] = (await ended(runId)).slice(-1);
    expect(last).toMatchObject({
      run: { status: 'failed', error: `Run ${members[0]}, one of its members, is stopped.` },
    });
  });
});
