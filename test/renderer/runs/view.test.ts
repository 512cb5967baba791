import { describe, expect, test } from 'vitest';
import type { RunView } from '../../../src/contract/runs.ts';
import { readView, selectRuns, type View, writeView } from '../../../src/renderer/runs/view.ts';

const fresh = readView(new URLSearchParams());
const run = (runId: number, more: Partial<RunView> = {}) =>
  ({
    ...{ runId, status: 'finished', network: 'lenet5', engine: 'onnx', tags: [], note: '', archived: false },
    ...{ error: null, epochs: 1, seconds: 1, parameters: null, validation: null },
    ...more,
  }) as unknown as RunView;
const reaching = (rmse: number) => ({ validation: { rmse } }) as Partial<RunView>;
const shown = (runs: RunView[], view: Partial<View>) =>
  selectRuns(runs, { ...fresh, ...view }).map(({ runId }) => runId);

describe('the address of the runs', () => {
  test('says nothing of a fresh screen', () => {
    expect(writeView(fresh).toString()).toBe('');
    expect(readView(new URLSearchParams('status=odd&sort=x&run=-1&marked=a,,b'))).toEqual(fresh);
  });

  test('keeps what is shown, in which order, and the runs marked as they were marked', () => {
    const view: View = {
      ...{ status: 'stopped', network: 'mlp', tag: 'two words', archived: true, text: 'a b' },
      ...{ sort: 'rmse', reversed: true, run: 4, marked: [9, 4], shown: 'comparison' },
    };
    expect(readView(writeView(view))).toEqual(view);
  });
});

describe('runs', () => {
  const runs = [
    run(1, { ...reaching(2), tags: ['base'] }),
    run(2, { ...reaching(1.5), network: 'mlp', note: 'Ana’s try' }),
    run(3, { status: 'failed', error: 'Out of memory' }),
    run(4, { ...reaching(3), archived: true }),
  ];

  test('stand with the newest first, those put aside by themselves', () => {
    expect(shown(runs, {})).toEqual([3, 2, 1]);
    expect(shown(runs, { archived: true })).toEqual([4]);
  });

  test('are filtered by status, network, tag and words', () => {
    expect(shown(runs, { status: 'failed' })).toEqual([3]);
    expect(shown(runs, { network: 'mlp' })).toEqual([2]);
    expect(shown(runs, { tag: 'base' })).toEqual([1]);
    expect(shown(runs, { text: 'TRY mlp' })).toEqual([2]);
    expect(shown(runs, { text: 'memory' })).toEqual([3]);
    expect(shown(runs, { text: 'try lenet5' })).toEqual([]);
  });

  test('are sorted with the best first, and without a value last either way', () => {
    expect(shown(runs, { sort: 'rmse' })).toEqual([2, 1, 3]);
    expect(shown(runs, { sort: 'rmse', reversed: true })).toEqual([1, 2, 3]);
    expect(shown(runs, { sort: 'run', reversed: true })).toEqual([1, 2, 3]);
  });
});
