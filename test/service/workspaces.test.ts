import Sqlite from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openService } from '../../src/service/service.ts';
import { migrate, readMigrations } from '../../src/workspace/migrations.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, nose, openScratch, scratchDirectory, threePoints } from '../workspace/scratch.ts';
import { change, clientOf, idsOf, openScratchService, pictures, visible } from './scratch-service.ts';

beforeEach(() => {
  vi.stubEnv('FIDUCIAL_CONFIG', scratchDirectory());
});

/** A workspace with so many images, which nobody has open. */
function madeWorkspace(images: number): string {
  const workspace = openScratch();
  pictures(images)(workspace);
  workspace.close();
  return workspace.directory;
}

describe('opening another workspace', () => {
  test('shows it in place of the first, and lets that go', async () => {
    const service = openScratchService(pictures(1));
    const first = service.holder.directory;
    const ana = clientOf(service, 'ana');
    await ana.labels.apply({ changes: [change(1, nose, visible(1, 1))] });
    const directory = madeWorkspace(3);
    expect(await ana.workspaces.open({ directory })).toEqual({ directory });
    expect((await ana.workspace.info()).images).toBe(3);
    const { images } = await ana.images.page({ filter: { keypoint: 'nose' }, limit: 9 });
    expect(idsOf(images)).toEqual([1, 2, 3]);
    Workspace.open(first).close(); // nobody else writes there
  });

  test('tells everybody who watches', async () => {
    const service = openScratchService(pictures(1));
    const events = await clientOf(service, 'ben').changes();
    await events.next();
    await service.client.workspaces.open({ directory: madeWorkspace(1) });
    expect((await events.next()).value).toEqual({ type: 'workspace' });
    await events.return?.();
  });

  test('makes one where there is none, if that is wanted', async () => {
    const service = openScratchService(pictures(1));
    const directory = join(scratchDirectory(), 'new');
    await expect(service.client.workspaces.open({ directory })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await service.client.workspace.info()).images).toBe(1);
    await service.client.workspaces.open({ directory, create: true });
    const info = await service.client.workspace.info();
    expect([info.directory, info.images, info.schema.id]).toEqual([directory, 0, 'face-15']);
  });

  test('takes no path that depends on where the service was started', async () => {
    const { client } = openScratchService(pictures(1));
    await expect(client.workspaces.open({ directory: 'faces', create: true })).rejects.toThrow(
      'faces: The path does not begin at the root.',
    );
  });

  test('keeps the first where the other belongs to another process', async () => {
    const service = openScratchService(pictures(1));
    const other = openScratch();
    addPicture(other, 1);
    await expect(
      service.client.workspaces.open({ directory: other.directory, create: true }),
    ).rejects.toThrow(`Process ${process.pid}`);
    expect((await service.client.workspace.info()).images).toBe(1);
  });

  test('is refused while something works on the first', async () => {
    const service = openScratchService(pictures(1));
    const directory = madeWorkspace(1);
    const occupied = service.holder.occupy('A training');
    await expect(service.client.workspaces.open({ directory })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'A training is under way. Stop it, or wait until it has ended.',
    });
    occupied[Symbol.dispose]();
    await service.client.workspaces.open({ directory });
  });

  test('is refused where the host says so', async () => {
    const service = openService(madeWorkspace(1), { canOpen: false });
    onTestFinished(() => service.close());
    const open = service.client.workspaces.open({ directory: madeWorkspace(1) });
    await expect(open).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await service.client.workspaces.recent()).canOpen).toBe(false);
  });
});

test('a workspace of an earlier version is brought up to date when it is first looked at', async () => {
  const directory = scratchDirectory();
  const sqlite = new Sqlite(join(directory, 'fiducial.sqlite'));
  migrate(sqlite, readMigrations().slice(0, 1));
  sqlite.prepare(`INSERT INTO setting VALUES ('schema', ?)`).run(JSON.stringify(threePoints));
  sqlite.close();
  const service = openService(directory);
  onTestFinished(() => service.close());
  expect((await service.client.workspace.info()).schema.id).toBe('three-points');
  expect(await service.client.relabel.report()).toMatchObject({ people: [{ answers: 0 }] });
});

test('workspaces that were opened are remembered, the latest first, with whether they are still there', async () => {
  const service = openScratchService(pictures(1));
  const [second, third] = [madeWorkspace(1), madeWorkspace(1)];
  const first = service.holder.directory;
  await service.client.workspace.info();
  for (const directory of [second, third, second]) await service.client.workspaces.open({ directory });
  rmSync(join(third, 'fiducial.sqlite'));
  const { current, recent, canOpen } = await service.client.workspaces.recent();
  expect([current, canOpen]).toEqual([second, true]);
  expect(recent.map(({ directory, exists }) => [directory, exists])).toEqual([
    [second, true],
    [third, false],
    [first, true],
  ]);
  expect(Date.now() - Date.parse(recent[0]!.openedAt)).toBeLessThan(60_000);
});
