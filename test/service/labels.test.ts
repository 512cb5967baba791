import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/contract/changes.ts';
import { leftEye, nose, rightEye } from '../workspace/scratch.ts';
import { change, clientOf, missing, openScratchService, pictures, visible } from './scratch-service.ts';

const labelsOf = async (service: ReturnType<typeof openScratchService>, imageId: number) =>
  (await service.client.images.get({ ids: [imageId] }))[0]!.labels;

describe('a change', () => {
  test('is stored in the name of whoever asks', async () => {
    const service = openScratchService(pictures(1));
    const ana = clientOf(service, 'ana');
    const { changeId, changed } = await ana.labels.apply({ changes: [change(1, nose, visible(1.25, 2))] });
    expect(changeId).toBe(1);
    const label = visible(1.25, 2);
    expect(changed).toEqual([{ imageId: 1, keypoint: nose, label, author: { kind: 'human', name: 'ana' } }]);
    expect((await labelsOf(service, 1))[nose]).toEqual(label);
  });

  test('of a proposal that was accepted stays the proposer’s, by the person’s hand', async () => {
    const ana = clientOf(openScratchService(pictures(1)), 'ana');
    const author = { kind: 'shape', name: '' } as const;
    await ana.labels.apply({
      changes: [{ ...change(1, nose, visible(1, 1)), author }],
      note: 'accepted',
    });
    expect(await ana.labels.history({ imageId: 1 })).toMatchObject([
      { actor: { kind: 'human', name: 'ana' }, author, note: 'accepted', before: missing },
    ]);
  });

  test('gives a label to another person only as a return to what they have said', async () => {
    const service = openScratchService(pictures(1));
    const [ana, ben] = [clientOf(service, 'ana'), clientOf(service, 'ben')];
    const bens = { kind: 'human', name: 'ben' } as const;
    const forged = { ...change(1, nose, visible(1, 1)), author: bens };
    await expect(ana.labels.apply({ changes: [forged] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await ben.labels.apply({ changes: [change(1, nose, visible(1, 1))] });
    await ana.labels.apply({ changes: [change(1, nose, visible(2, 2), visible(1, 1))] });
    const back = { ...change(1, nose, visible(1, 1), visible(2, 2)), author: bens };
    expect(await ana.labels.apply({ changes: [back] })).toMatchObject({ changed: [{ author: bens }] });
  });

  test('of who is somebody else by now is refused', async () => {
    const service = openScratchService(pictures(1));
    const changes = [change(1, nose, visible(1, 1))];
    await expect(clientOf(service, 'ben').labels.apply({ user: 'ana', changes })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('This is by ana, and this browser is signed in as ben') as string,
    });
    expect((await labelsOf(service, 1))[nose]).toEqual(missing);
  });

  test('for another workspace than the one that is open is refused, and so are undo, redo, checkpoints and verdicts', async () => {
    const service = openScratchService(pictures(1));
    const { client } = service;
    await client.labels.apply({
      workspace: service.holder.directory,
      changes: [change(1, nose, visible(1, 1))],
    });
    const other = { workspace: '/another' };
    const refused = {
      code: 'CONFLICT',
      message: expect.stringContaining('is for the workspace /another') as string,
    };
    const changes = [change(1, nose, visible(2, 2), visible(1, 1))];
    await expect(client.labels.apply({ ...other, changes })).rejects.toMatchObject(refused);
    await expect(client.labels.undo(other)).rejects.toMatchObject(refused);
    await expect(client.labels.latest({ ...other, kind: 'undo' })).rejects.toMatchObject(refused);
    await expect(client.checkpoints.create({ ...other, name: 'before' })).rejects.toMatchObject(refused);
    await expect(client.checkpoints.restore({ ...other, id: 'before' })).rejects.toMatchObject(refused);
    const cells = [{ imageId: 1, keypoint: nose }];
    await expect(client.suspects.unsettle({ ...other, cells })).rejects.toMatchObject(refused);
    expect((await labelsOf(service, 1))[nose]).toEqual(visible(1, 1));
  });

  test('that was sent twice is fine: the cell holds it already', async () => {
    const ana = clientOf(openScratchService(pictures(1)), 'ana');
    const changes = [change(1, nose, visible(1, 1))];
    await ana.labels.apply({ changes });
    expect(await ana.labels.apply({ changes })).toEqual({ changeId: null, changed: [] });
  });

  test('of cells that others have changed changes nothing, and names them all as they are', async () => {
    const service = openScratchService(pictures(2));
    await clientOf(service, 'ben').labels.apply({
      changes: [change(1, nose, visible(1, 1)), change(2, nose, visible(2, 2))],
    });
    const late = clientOf(service, 'ana').labels.apply({
      changes: [
        change(1, leftEye, visible(0, 0)),
        change(1, nose, visible(3, 3)),
        change(2, nose, visible(3, 3)),
      ],
    });
    const author = { kind: 'human', name: 'ben' };
    await expect(late).rejects.toMatchObject({
      code: 'LABEL_CONFLICT',
      defined: true,
      message: '2 of these points were changed by somebody else meanwhile. Nothing was stored.',
      data: {
        found: [
          { imageId: 1, keypoint: nose, label: visible(1, 1), author },
          { imageId: 2, keypoint: nose, label: visible(2, 2), author },
        ],
      },
    });
    expect((await labelsOf(service, 1))[leftEye]).toEqual(missing);
  });

  test.each([
    ['an image that there is not', change(9, nose, visible(1, 1)), 'NOT_FOUND', 'There is no image 9.'],
    ['a keypoint that there is not', change(1, 3, visible(1, 1)), 'BAD_INPUT', /no such keypoint.*found 3/],
    ['a place far outside', change(1, nose, visible(1, 8.5)), 'BAD_INPUT', /nose is far outside the picture/],
  ])('of %s is refused', async (_name, wrong, code, message) => {
    const service = openScratchService(pictures(1));
    const applied = service.client.labels.apply({ changes: [change(1, leftEye, visible(1, 1)), wrong] });
    await expect(applied).rejects.toMatchObject({ code });
    await expect(applied).rejects.toThrow(message);
    expect(await labelsOf(service, 1)).toEqual([missing, missing, missing]);
  });

  test.each([NaN, Infinity])('to a place of %d is refused', async (x) => {
    const { client } = openScratchService(pictures(1));
    const applied = client.labels.apply({ changes: [change(1, nose, visible(x, 1))] });
    await expect(applied).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('slightly outside the picture is taken', async () => {
    const service = openScratchService(pictures(1));
    await service.client.labels.apply({ changes: [change(1, nose, visible(-4, 8))] });
    expect((await labelsOf(service, 1))[nose]).toEqual(visible(-4, 8));
  });
});

describe('undo and redo', () => {
  test('take back one’s own latest change and say what the cells are now', async () => {
    const service = openScratchService(pictures(2));
    const [ana, ben] = [clientOf(service, 'ana'), clientOf(service, 'ben')];
    await ana.labels.apply({ changes: [change(1, nose, visible(1, 1))] });
    await ben.labels.apply({ changes: [change(2, nose, visible(2, 2))] });
    const cell = { imageId: 1, keypoint: nose };
    const undone = await ana.labels.undo({});
    expect(undone).toMatchObject({ changed: [{ ...cell, label: missing, author: null }], kept: [] });
    expect(await ana.labels.undo({})).toBeNull();
    expect(await ana.labels.redo({})).toMatchObject({ changed: [{ ...cell, label: visible(1, 1) }] });
  });

  test('of one image pass over later changes elsewhere', async () => {
    const service = openScratchService(pictures(2));
    const ana = clientOf(service, 'ana');
    await ana.labels.apply({ changes: [change(1, nose, visible(1, 1))] });
    await ana.labels.apply({ changes: [change(2, nose, visible(2, 2))] });
    await ana.labels.undo({ imageId: 1 });
    expect([(await labelsOf(service, 1))[nose], (await labelsOf(service, 2))[nose]]).toEqual([
      missing,
      visible(2, 2),
    ]);
  });

  test('keep what somebody else has changed since', async () => {
    const service = openScratchService(pictures(1));
    const [ana, ben] = [clientOf(service, 'ana'), clientOf(service, 'ben')];
    await ana.labels.apply({ changes: [change(1, nose, visible(1, 1))] });
    await ben.labels.apply({ changes: [change(1, nose, visible(2, 2), visible(1, 1))] });
    expect(await ana.labels.undo({})).toMatchObject({
      changed: [],
      kept: [{ imageId: 1, keypoint: nose }],
    });
  });
});

test('history tells who, what and when, the latest first and page by page', async () => {
  const ana = clientOf(openScratchService(pictures(1)), 'ana');
  await ana.labels.apply({ changes: [change(1, nose, visible(1, 1))] });
  await ana.labels.apply({ changes: [change(1, nose, visible(2, 2), visible(1, 1))] });
  await ana.labels.apply({ changes: [change(1, leftEye, visible(0, 0))] });
  const all = await ana.labels.history({ imageId: 1, keypoint: nose });
  expect(all.map(({ before, after }) => [before, after])).toEqual([
    [visible(1, 1), visible(2, 2)],
    [missing, visible(1, 1)],
  ]);
  expect(Date.now() - Date.parse(all[0]!.at)).toBeLessThan(60_000);
  const older = await ana.labels.history({ imageId: 1, keypoint: nose, before: all[0]!.id, limit: 1 });
  expect(older).toEqual([all[1]]);
});

describe('who watches', () => {
  async function watch(client: ReturnType<typeof clientOf>) {
    const events = await client.changes();
    const next = async (): Promise<Change> => (await events.next()).value as Change;
    return { watching: await next(), next, leave: () => events.return?.() };
  }

  test('is told who it is, then of every change with its user and connection', async () => {
    const service = openScratchService(pictures(1));
    const ben = await watch(clientOf(service, 'ben', 'window-2'));
    expect(ben.watching).toEqual({ type: 'watching', user: 'ben', client: 'window-2' });
    await clientOf(service, 'ana', 'window-1').labels.apply({ changes: [change(1, nose, visible(1, 1))] });
    const author = { kind: 'human', name: 'ana' };
    expect(await ben.next()).toEqual({
      type: 'labels',
      user: 'ana',
      client: 'window-1',
      cells: [{ imageId: 1, keypoint: nose, label: visible(1, 1), author }],
      more: false,
    });
    await ben.leave();
  });

  test('hears of undo, and of nothing where nothing changed', async () => {
    const service = openScratchService(pictures(1));
    const ana = clientOf(service, 'ana');
    const ben = await watch(clientOf(service, 'ben'));
    const changes = [change(1, rightEye, visible(1, 1))];
    await ana.labels.apply({ changes });
    await ana.labels.apply({ changes });
    await ana.labels.undo({});
    await ben.next();
    expect(await ben.next()).toMatchObject({ cells: [{ keypoint: rightEye, label: missing }] });
    await ben.leave();
  });

  test('hears of an import', async () => {
    const service = openScratchService(pictures(1));
    const ben = await watch(clientOf(service, 'ben'));
    const faces = ['left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y,Image'];
    faces.push(`1,1,2,1,1,2,${Array.from({ length: 96 * 96 }, (_, i) => i % 251).join(' ')}`);
    const { writeFileSync } = await import('node:fs');
    const path = `${service.holder.directory}/training.csv`;
    writeFileSync(path, faces.join('\n'));
    await Array.fromAsync(await service.client.imports.run({ path }));
    expect(await ben.next()).toEqual({ type: 'imports' });
    expect(await ben.next()).toEqual({ type: 'images' });
    expect((await service.client.images.page({ filter: { complete: true }, limit: 9 })).total).toBe(1);
    await ben.leave();
  });

  test('is told that there is more when too many cells change at once', async () => {
    const service = openScratchService(pictures(400));
    const ben = await watch(clientOf(service, 'ben'));
    const changes = Array.from({ length: 1200 }, (_, i) =>
      change(1 + Math.floor(i / 3), i % 3, visible(1, 1)),
    );
    await service.client.labels.apply({ changes });
    const told = (await ben.next()) as Extract<Change, { type: 'labels' }>;
    expect([told.cells.length, told.more]).toEqual([1000, true]);
    await ben.leave();
  });
});
