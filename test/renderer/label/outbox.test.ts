import { describe, expect, test } from 'vitest';
import type { ChangedCell } from '../../../src/contract/labels.ts';
import type { Label } from '../../../src/domain/label.ts';
import { missing } from '../../../src/domain/label.ts';
import { Outbox } from '../../../src/renderer/label/outbox.ts';
import type { Client } from '../../../src/service/service.ts';
import { drawWorkspace, Lost, open, pageOf, until } from './bench.ts';

const at = (x: number, y = 10): Label => ({ state: 'visible', x, y });
const place = (after: Label, before: Label = missing, keypoint = 0) => ({
  imageId: 1,
  keypoint,
  before,
  after,
});

/** An outbox of ana's; nothing is labelled at first. */
function start(tamper: (labels: Client['labels']) => Client['labels'] = (labels) => labels) {
  const service = open(drawWorkspace(2, () => true));
  const ana = pageOf(service, 'ana');
  const ben = pageOf(service, 'ben');
  const heard: ChangedCell[] = [];
  const outbox = new Outbox(
    tamper(ana.labels),
    () => ({ kind: 'human', name: 'ana' }),
    { stored: (cells) => heard.push(...cells), changed: () => undefined },
    { isLost: (error) => error instanceof Lost, linger: 20, retryAfter: 5 },
  );
  return {
    outbox,
    ana,
    ben,
    heard,
    stored: (keypoint = 0) => service.holder.read().labels.of(1)[keypoint],
    entries: () => service.holder.write().history.entries({ imageId: 1 }).reverse(),
  };
}

/** Loses the answers (or, sent = false, the questions) of the first calls of a procedure. */
function losing(procedure: 'apply' | 'undo' | 'redo' | 'latest', times: number, sent: boolean) {
  return (labels: Client['labels']): Client['labels'] => {
    const call = async (...input: unknown[]) => {
      const lose = times-- > 0;
      if (lose && !sent) throw new Lost();
      const answer = await (labels[procedure] as (...input: unknown[]) => Promise<unknown>)(...input);
      if (lose) throw new Lost();
      return answer;
    };
    return {
      apply: labels.apply,
      undo: labels.undo,
      redo: labels.redo,
      latest: labels.latest,
      history: labels.history,
      [procedure]: call,
    } as Client['labels'];
  };
}

test('a change stays its author’s: where the page is another person’s by now, it is not stored as theirs', async () => {
  const { outbox, ben, stored } = start((labels) => ({
    ...labels,
    apply: (...input) => bens().apply(...input),
  }));
  const bens = () => ben.labels;
  outbox.put([place(at(5))]);
  await until(() => outbox.problem !== undefined);
  expect(outbox.problem!.message).toBe(
    'This is by ana, and this browser is signed in as ben by now. Open the address with the token of ana. Nothing was stored.',
  );
  expect(outbox.unsaved).toBe(1);
  expect(stored()).toEqual(missing);
});

test('a change is unsaved until the service has stored it', async () => {
  const { outbox, stored, heard } = start();
  outbox.put([place(at(5))]);
  expect(outbox.unsaved).toBe(1);
  expect(heard).toEqual([]);
  await outbox.flush();
  expect(outbox.unsaved).toBe(0);
  expect(stored()).toEqual(at(5));
  expect(heard).toEqual([{ imageId: 1, keypoint: 0, label: at(5), author: { kind: 'human', name: 'ana' } }]);
});

test('changes of one cell made faster than they are stored arrive in their order', async () => {
  const { outbox, entries } = start();
  outbox.put([place(at(5))]);
  outbox.put([place(at(6), at(5))]);
  outbox.put([place(at(7), at(6))]);
  expect(outbox.pending({ imageId: 1, keypoint: 0 })?.after).toEqual(at(7));
  await outbox.flush();
  expect(entries().map(({ after }) => after)).toEqual([at(5), at(6), at(7)]);
});

test('a proposal that is accepted stays its author’s', async () => {
  const { outbox, entries } = start();
  outbox.put([{ ...place(at(5)), author: { kind: 'model-run', name: '3' } }]);
  await outbox.flush();
  expect(entries()[0]).toMatchObject({
    actor: { kind: 'human', name: 'ana' },
    author: { kind: 'model-run', name: '3' },
  });
});

describe('changes that linger', () => {
  test('become one', async () => {
    const { outbox, entries } = start();
    outbox.put([place(at(5))]);
    outbox.put([place(at(6), at(5))], { lingers: true });
    outbox.put([place(at(7), at(6))], { lingers: true });
    await outbox.flush();
    expect(entries().map(({ after }) => after)).toEqual([at(5), at(7)]);
  });

  test('are sent by themselves after a moment', async () => {
    const { outbox, stored } = start();
    outbox.put([place(at(6))], { lingers: true });
    expect(outbox.unsaved).toBe(1);
    await until(() => outbox.unsaved === 0);
    expect(stored()).toEqual(at(6));
  });

  test('are sent before the change of another cell', async () => {
    const { outbox, entries } = start();
    outbox.put([place(at(6))], { lingers: true });
    outbox.put([place(at(7), missing, 1)], { lingers: true });
    await outbox.flush();
    expect(entries().map(({ keypoint }) => keypoint)).toEqual([0, 1]);
  });
});

describe('when the connection breaks', () => {
  test.each([
    ['before the question arrived', false],
    ['before the answer came', true],
  ])('a change is sent again: %s', async (_when, sent) => {
    const { outbox, entries } = start(losing('apply', 3, sent));
    outbox.put([place(at(5))]);
    outbox.put([place(at(6), at(5))]);
    await until(() => outbox.waiting);
    expect(outbox.unsaved).toBe(2);
    await outbox.flush();
    expect(entries().map(({ after }) => after)).toEqual([at(5), at(6)]);
    expect(outbox.waiting).toBe(false);
  });

  test.each([
    ['before anybody knows what is meant', 'latest', false],
    ['before the question arrived', 'undo', false],
    ['before the answer came', 'undo', true],
  ] as const)('an undo is sent again, and takes back one change: %s', async (_when, procedure, sent) => {
    const { outbox, entries, heard } = start(losing(procedure, 3, sent));
    outbox.put([place(at(5))]);
    outbox.put([place(at(6), at(5))]);
    const undoing = outbox.takeBack('undo');
    await until(() => outbox.waiting);
    expect(outbox.unsaved).toBe(1);
    expect(await undoing).toMatchObject({ changed: [{ imageId: 1, keypoint: 0, label: at(5) }] });
    expect(entries().map(({ kind }) => kind)).toEqual(['edit', 'edit', 'undo']);
    expect(heard.at(-1)).toMatchObject({ label: at(5) });
    expect(outbox.unsaved).toBe(0);
  });

  test('a redo is sent again, and makes one change again', async () => {
    const { outbox, entries, stored } = start(losing('redo', 2, true));
    outbox.put([place(at(5))]);
    await outbox.takeBack('undo');
    await outbox.takeBack('redo');
    expect(stored()).toEqual(at(5));
    expect(entries().map(({ kind }) => kind)).toEqual(['edit', 'undo', 'redo']);
  });
});

describe('when somebody else was quicker', () => {
  test('theirs stands, and mine is kept for the person to decide', async () => {
    const { outbox, ben, stored, heard } = start();
    await ben.labels.apply({ changes: [place(at(40))] });
    outbox.put([place(at(5))]);
    await outbox.flush();
    expect(stored()).toEqual(at(40));
    expect(outbox.unsaved).toBe(0);
    expect(outbox.conflicts).toMatchObject([
      { imageId: 1, keypoint: 0, mine: { after: at(5) }, theirs: { label: at(40), author: { name: 'ben' } } },
    ]);
    expect(heard).toMatchObject([{ label: at(40) }]);
  });

  test('the other cells of the change are stored all the same', async () => {
    const { outbox, ben, stored } = start();
    await ben.labels.apply({ changes: [place(at(40))] });
    outbox.put([place(at(5)), place(at(6), missing, 1)]);
    await outbox.flush();
    expect(stored(1)).toEqual(at(6));
    expect(outbox.conflicts).toHaveLength(1);
  });

  test('later changes of the cell, which were built on mine, are not sent', async () => {
    const { outbox, ben, stored } = start();
    await ben.labels.apply({ changes: [place(at(40))] });
    outbox.put([place(at(5))]);
    outbox.put([place(at(6), at(5))]);
    await outbox.flush();
    expect(stored()).toEqual(at(40));
    expect(outbox.conflicts).toMatchObject([{ mine: { after: at(6) } }]);
  });

  test('mine is stored when the person says so', async () => {
    const { outbox, ben, stored } = start();
    await ben.labels.apply({ changes: [place(at(40))] });
    outbox.put([place(at(5))]);
    await outbox.flush();
    outbox.resolve(outbox.conflicts[0]!, 'mine');
    await outbox.flush();
    expect(stored()).toEqual(at(5));
    expect(outbox.conflicts).toEqual([]);
  });

  test('nothing is sent when the person keeps theirs', async () => {
    const { outbox, ben, entries } = start();
    await ben.labels.apply({ changes: [place(at(40))] });
    outbox.put([place(at(5))]);
    await outbox.flush();
    outbox.resolve(outbox.conflicts[0]!, 'theirs');
    await outbox.flush();
    expect(entries()).toHaveLength(1);
    expect(outbox.conflicts).toEqual([]);
  });

  test('the very same label is no conflict', async () => {
    const { outbox, ben } = start();
    await ben.labels.apply({ changes: [place(at(5))] });
    outbox.put([place(at(5))]);
    await outbox.flush();
    expect(outbox.conflicts).toEqual([]);
  });
});

describe('a change that cannot be stored', () => {
  const far = place(at(5000));

  test('stops the ones behind it and is shown', async () => {
    const { outbox, stored } = start();
    outbox.put([far]);
    outbox.put([place(at(5), missing, 1)]);
    await outbox.flush();
    expect(outbox.problem?.message).toContain('far outside the picture');
    expect(outbox.unsaved).toBe(2);
    expect(stored(1)).toEqual(missing);
  });

  test('is given up when the person says so', async () => {
    const { outbox } = start();
    outbox.put([far]);
    await outbox.flush();
    outbox.discard();
    expect(outbox.problem).toBeUndefined();
    expect(outbox.unsaved).toBe(0);
  });

  test('that is given up on its way takes nothing with it that comes later', async () => {
    const { outbox, stored } = start();
    outbox.put([place(at(5))]);
    outbox.discard();
    outbox.put([place(at(6), missing, 1)]);
    await outbox.flush();
    expect(stored(1)).toEqual(at(6));
  });

  test('is tried again when the person says so', async () => {
    let broken = true;
    const { outbox, stored } = start((labels) => ({
      apply: ((...input: Parameters<typeof labels.apply>) =>
        broken
          ? Promise.reject(new Error('The disk is full.'))
          : labels.apply(...input)) as typeof labels.apply,
      undo: labels.undo,
      redo: labels.redo,
      latest: labels.latest,
      history: labels.history,
    }));
    outbox.put([place(at(5))]);
    await outbox.flush();
    expect(outbox.problem?.message).toBe('The disk is full.');
    broken = false;
    outbox.retry();
    await outbox.flush();
    expect(stored()).toEqual(at(5));
  });
});
