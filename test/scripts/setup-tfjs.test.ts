/** The set-up of the engine tfjs up to where it would fetch: on a copy of the scripts, beside this project's packages. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const isFor = process.platform === 'linux' && process.arch === 'x64';
const isNeeded = !existsSync(join(root, 'node_modules/@tensorflow/tfjs-node'));

describe.skipIf(!isFor || !isNeeded)('setup:tfjs (for Linux on x64 where npm brings no tfjs-node)', () => {
  test('refuses a wheel of other content, and leaves nothing behind', () => {
    const project = copyOfProject();
    const wheel = join(project, 'tensorflow_cpu-2.21.0-cp313-cp313-manylinux_2_27_x86_64.whl');
    writeFileSync(wheel, 'not a wheel');
    const { status, stderr } = setUp(project, ['--wheel', wheel]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /whl is not tensorflow-cpu==2\.21\.0 for Linux x64: its SHA-256 is [0-9a-f]{64}\./,
    );
    expect(readdirSync(project).filter((name) => name.startsWith('.tfjs'))).toEqual([]);
  });

  test('says that a compiler is missing before it fetches anything', () => {
    const { status, stderr } = setUp(copyOfProject(), [], dirname(process.execPath));
    expect(status).toBe(1);
    expect(stderr).toBe('fiducial: g++ is missing (on Debian: apt-get install g++).\n');
  });

  test('removes what a set-up that was killed left behind', () => {
    const project = copyOfProject();
    const { pid } = spawnSync('true');
    cpSync(join(project, 'scripts'), join(project, `.tfjs-${pid}`), { recursive: true });
    setUp(project, ['--wheel', join(project, 'package-lock.json')]);
    expect(readdirSync(project).filter((name) => name.startsWith('.tfjs'))).toEqual([]);
  });

  test('says how it is used', () => {
    const { status, stderr } = setUp(copyOfProject(), ['--wheels']);
    expect(status).toBe(1);
    expect(stderr).toContain('Usage: npm run setup:tfjs [-- --wheel FILE]');
  });

  test.runIf(existsSync(join(root, '.tfjs')))('does nothing the second time', () => {
    const project = copyOfProject();
    symlinkSync(join(root, '.tfjs'), join(project, '.tfjs'));
    const { status, stderr } = setUp(project, []);
    expect([status, stderr]).toEqual([0, 'fiducial: The engine tfjs is set up already.\n']);
  });
});

function copyOfProject(): string {
  const project = mkdtempSync(join(tmpdir(), 'fiducial-project-'));
  onTestFinished(() => rmSync(project, { recursive: true }));
  for (const part of ['scripts', 'package-lock.json'])
    cpSync(join(root, part), join(project, part), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  return project;
}

function setUp(project: string, args: string[], path = process.env['PATH']) {
  const script = join(project, 'scripts/setup-tfjs.mjs');
  return spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
}
