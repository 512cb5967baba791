/** What a package must hold, and what its Electron must not be able to do. */
import { globSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { expect, test } from 'vitest';
import config from '../../electron-builder.config.ts';

const root = join(import.meta.dirname, '../..');
const isUnpacked = (path: string) => config.asarUnpack.some((pattern) => matchesGlob(path, pattern));

test('Electron’s program is neither a Node nor a debugger, and loads nothing but the archive, unchanged', () => {
  expect(config.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('main, preload and page stay in the archive', () => {
  for (const file of ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'])
    expect(isUnpacked(file)).toBe(false);
});

test('what runs beside main is unpacked with all that it reads: its folders, native modules, migrations', () => {
  const beside = globSync('src/{contract,domain,ml,service,trainer,workspace}/**/*.ts', { cwd: root });
  expect(beside.length).toBeGreaterThan(50);
  for (const file of beside)
    expect(isUnpacked(file.replace(/^src/, 'out').replace(/\.ts$/, '.js')), file).toBe(true);
  const natives = globSync('node_modules/{better-sqlite3,onnxruntime-node,@img/*}/**/*.node', { cwd: root });
  expect(natives.length).toBeGreaterThan(0);
  for (const file of [...natives, ...globSync('resources/migrations/*', { cwd: root })])
    expect(isUnpacked(file), file).toBe(true);
});
