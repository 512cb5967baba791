/** An import belongs to the workspace, not to the page that began it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openService } from '../../src/service/service.ts';
import { scratchDirectory } from '../workspace/scratch.ts';
import { clientOf, openScratchService } from './scratch-service.ts';

const header = 'left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y,Image';

/** Rows enough for an import to be under way still when the next thing is asked. */
function manyFaces(lastImage = '9 9 9 9'): string {
  const rows = Array.from({ length: 5000 }, (_, i) => `1,1,,,,,${i % 256} ${i >> 8} 0 0`);
  const path = join(scratchDirectory(), 'faces.csv');
  writeFileSync(path, [header, ...rows, `1,1,,,,,${lastImage}`, ''].join('\n'));
  return path;
}

function openEmpty() {
  const service = openScratchService(() => undefined);
  return { service, ana: clientOf(service, 'ana'), ben: clientOf(service, 'ben') };
}

test('it goes on when whoever began it leaves, and others see its progress and its end', async () => {
  const { ana, ben } = openEmpty();
  const begun = await ana.imports.run({ path: manyFaces() });
  await begun.next();
  await begun.return?.();
  const events = await Array.fromAsync(await ben.imports.watch());
  expect(events[0]).toEqual({ type: 'begun', name: 'faces.csv' });
  expect(events.at(-1)).toMatchObject({ type: 'done', report: { imagesAdded: 5001 } });
});

test('others hear that it begins', async () => {
  const { ana, ben } = openEmpty();
  const changes = await ben.changes();
  await changes.next();
  const run = Array.fromAsync(await ana.imports.run({ path: manyFaces() }));
  expect((await changes.next()).value).toEqual({ type: 'imports' });
  await run;
});

test('anybody can cancel it, and nothing of it is left', async () => {
  const { ana, ben } = openEmpty();
  const events = await ana.imports.run({ path: manyFaces() });
  await events.next();
  await ben.imports.cancel();
  expect((await Array.fromAsync(events)).at(-1)).toEqual({ type: 'cancelled' });
  expect((await ana.workspace.outline()).images).toBe(0);
});

test('a second one is refused while it is under way, and the workspace stays', async () => {
  const { ana, ben } = openEmpty();
  const path = manyFaces();
  const events = await ana.imports.run({ path });
  await expect(ben.imports.run({ path })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(ben.workspaces.open({ directory: scratchDirectory(), create: true })).rejects.toThrow(
    'An import is under way.',
  );
  expect((await Array.fromAsync(events)).at(-1)).toMatchObject({ type: 'done' });
});

test('how it ended is told to whoever asks next where nobody listened, and to nobody after', async () => {
  const { ana, ben, service } = openEmpty();
  const events = await ana.imports.run({ path: manyFaces('1 2 3') });
  await events.return?.();
  const change = () => service.holder.change(join(service.holder.directory, 'none'));
  await vi.waitFor(() => expect(change).toThrow('There is no workspace here.')); // not that an import is under way
  await expect(Array.fromAsync(await ben.imports.watch())).rejects.toMatchObject({
    code: 'BAD_INPUT',
    data: { row: 5002 },
  });
  expect(await Array.fromAsync(await ana.imports.watch())).toEqual([]);
});

test('a service that closes takes it back', async () => {
  const { service, ana } = openEmpty();
  const events = await ana.imports.run({ path: manyFaces() });
  await events.next();
  await service.close();
  const again = openService(service.holder.directory);
  expect((await again.client.workspace.outline()).images).toBe(0);
  await again.close();
});
