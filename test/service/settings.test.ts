import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openService } from '../../src/service/service.ts';
import { scratchDirectory } from '../workspace/scratch.ts';
import { clientOf } from './scratch-service.ts';

let folder: string;
beforeEach(() => {
  folder = scratchDirectory();
  vi.stubEnv('FIDUCIAL_CONFIG', folder);
});

/** Settings need no workspace. */
function open() {
  const service = openService(join(folder, 'none'));
  onTestFinished(() => service.close());
  return service;
}

test('a setting outlives the service', async () => {
  const shortcuts = { next: ['d', 'Space'] };
  await open().client.settings.set({ key: 'shortcuts', value: shortcuts });
  await open().client.settings.set({ key: 'panel', value: 240 });
  expect(await open().client.settings.all()).toEqual({ shortcuts, panel: 240 });
});

test('everybody has their own, whatever their names', async () => {
  const service = open();
  const names = ['ana', '../ana', 'Ána / B.', '.'];
  for (const name of names) await clientOf(service, name).settings.set({ key: 'me', value: name });
  for (const name of names) expect(await clientOf(service, name).settings.all()).toEqual({ me: name });
  expect(readdirSync(folder)).toEqual(['settings']);
  expect(readdirSync(join(folder, 'settings'))).toHaveLength(names.length);
});

test('a setting without a value is one that nobody made', async () => {
  const { client } = open();
  await client.settings.set({ key: 'panel', value: 240 });
  await client.settings.set({ key: 'panel', value: undefined });
  expect(await client.settings.all()).toEqual({});
});

test('a file that somebody has spoilt is an error that names it, and is kept', async () => {
  const ana = clientOf(open(), 'ana');
  mkdirSync(join(folder, 'settings'));
  const file = join(folder, 'settings', 'ana.json');
  writeFileSync(file, '{"panel": ');
  await expect(ana.settings.all()).rejects.toMatchObject({ code: 'BAD_INPUT', data: { file } });
  await expect(ana.settings.set({ key: 'panel', value: 1 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});
