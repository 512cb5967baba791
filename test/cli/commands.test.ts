import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../src/contract/doctor.ts';
import { fiducial, start, temporaryFolder } from './fiducial.ts';

const folder = temporaryFolder();
const archive = join(folder, 'faces.zip');
const workspace = ['--workspace', join(folder, 'workspace')];

beforeAll(async () => {
  await fiducial('sample', archive);
  await fiducial('import', archive, ...workspace);
});

describe('help', () => {
  test.each([
    '',
    'kaggle',
    'import',
    'train',
    'predict',
    'export submission',
    'doctor',
    'serve',
    'users add',
  ])('fiducial %s --help shows examples and ends with 0', async (command) => {
    const { exitCode, stdout } = await fiducial(...command.split(' ').filter(Boolean), '--help');
    expect(stdout).toMatch(/Examples:\n {2}\$ fiducial /);
    expect(exitCode).toBe(0);
  });
});

describe('import and info', () => {
  test('an import says what came in, and the second time that nothing did', async () => {
    const fresh = ['--workspace', join(folder, 'fresh')];
    const first = await fiducial('import', archive, ...fresh);
    expect(first.stdout).toMatch(/^Imported 2\d\d training images and 60 test images in \d+\.\d s/);
    const second = await fiducial('import', archive, ...fresh);
    expect(second.stdout).toMatch(/^Nothing new/);
    expect(second.exitCode).toBe(0);
  });

  test('info shows counts and completeness', async () => {
    const { stdout } = await fiducial('info', ...workspace);
    expect(stdout).toContain('60 others.');
    expect(stdout).toMatch(/^nose_tip +█+░* +\d+ % +/m);
  });

  test('a second process is told who is writing, and may read', async () => {
    const { Workspace } = await import('../../src/workspace/workspace.ts');
    const writer = Workspace.open(workspace[1]!);
    const second = await fiducial('import', archive, ...workspace);
    expect(second.stderr).toContain(`Process ${process.pid} has this workspace open`);
    expect(second.exitCode).toBe(2);
    expect((await fiducial('info', ...workspace)).exitCode).toBe(0);
    writer.close();
  });

  test('Ctrl+C leaves the workspace as it was', async () => {
    const fresh = ['--workspace', join(folder, 'stopped')];
    const { child, ended, says } = start('import', archive, ...fresh);
    await says('Reading');
    await new Promise((resolve) => setTimeout(resolve, 250));
    child.kill('SIGINT');
    const { exitCode, stderr } = await ended;
    if (exitCode === 0) return; // it was quicker
    expect(stderr).toContain('Nothing was imported.');
    expect(exitCode).toBe(130);
  });
});

describe('--json', () => {
  test('standard output is one document, whatever happens; words go to standard error', async () => {
    const info = await fiducial('info', '--json', ...workspace);
    expect(JSON.parse(info.stdout)).toMatchObject({ images: expect.any(Number) as number, runs: 0 });
    expect(info.stderr).toContain('images');
  });

  test('a failure is a document too', async () => {
    const { stdout, exitCode } = await fiducial('show', '7', '--json', ...workspace);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(exitCode).toBe(2);
  });

  test('so is a command line that cannot be read', async () => {
    const { stdout, exitCode } = await fiducial('train', '--epochs', 'many', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'BAD_INPUT' } });
    expect(exitCode).toBe(2);
  });
});

describe('what is wrong with the input is said in one message, with exit code 2', () => {
  const bad = join(folder, 'bad');
  mkdirSync(bad);
  writeFileSync(join(bad, 'text.zip'), 'no zip');
  writeFileSync(join(bad, 'network.json'), '{"layers": [{"type": "dense", "unit": 5}]}');

  test.each([
    ['an unknown command', ['imort'], 'Did you mean import?'],
    ['no command', [], 'Choose one of these commands'],
    ['a missing argument', ['import'], "missing required argument 'path'"],
    ['a time that is none', ['train', '--time-limit', 'soon'], 'Expected a time such as 10m'],
    ['two budgets at once', ['train', '--epochs', '3', '--time-limit', '20s'], 'cannot be used with option'],
    [
      'more networks than are averaged',
      ['train', '--ensemble', '51'],
      'Expected a whole number from 2 to 20.',
    ],
    ['more runs than are compared', ['compare', ...'123456789', ...workspace], 'runs: '],
    ['a run that is no number', ['show', 'best'], 'Expected a run number'],
    ['no workspace', ['info', '--workspace', join(folder, 'none')], 'There is no workspace here.'],
    ['no such file', ['import', join(folder, 'none.zip'), ...workspace], 'There is no such file'],
    ['an unknown preset', ['train', '--preset', 'vgg', ...workspace], 'mlp, lenet5, default'],
    [
      'a network with a typing error',
      ['train', '--spec', join(bad, 'network.json'), ...workspace],
      'layer 1 (dense)',
    ],
    ['a folder that is not there', ['sample', join(folder, 'none', 'faces.zip')], 'There is no folder'],
    ['no run yet', ['evaluate', 'latest', ...workspace], 'There is no run yet.'],
    ['an output of unknown kind', ['predict', '1', 'a.png', '--out', join(folder, 'a.txt')], '.csv or .json'],
  ])('%s', async (_name, parameters, message) => {
    const { exitCode, stderr, stdout } = await fiducial(...parameters);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stdout).not.toContain(message);
    expect(exitCode).toBe(2);
  });
});

test('a reader that has had enough is no failure', async () => {
  const { child, ended } = start('info', ...workspace);
  child.stdout!.once('data', () => child.stdout!.destroy());
  expect(await ended).toMatchObject({ exitCode: 0, stderr: '' });
});

test('doctor tells what is here, why an engine is not, and how quickly this machine trains', async () => {
  const { exitCode, stdout } = await fiducial('doctor', '--json', ...workspace);
  expect(exitCode).toBe(0);
  const report = JSON.parse(stdout) as DoctorReport;
  expect(report.versions.map(({ name }) => name)).toContain('sqlite');
  expect(report.engines.map(({ name }) => name)).toEqual(['onnx', 'tfjs', 'webgpu']);
  expect(report.engines[0]).toMatchObject({ version: expect.any(String) as string, problem: null });
  for (const { version, problem, imagesPerSecond } of report.engines)
    if (problem === null) expect(imagesPerSecond).toBeGreaterThan(0);
    else expect([version, imagesPerSecond]).toEqual([null, null]);
  expect(report.machine.cores).toBeGreaterThan(0);
});

test.skipIf(process.platform === 'win32')(
  'serve prints an address that answers, and Ctrl+C ends it',
  async () => {
    const { child, ended } = start('serve', ...workspace);
    const said = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout!.on('data', (part: Buffer) => {
        text += part.toString();
        if (text.includes('Ctrl+C')) resolve(text);
      });
    });
    const answer = await fetch(/http:\S+/.exec(said)![0], { redirect: 'manual' });
    expect(answer.headers.get('set-cookie')).toContain('HttpOnly');
    child.kill('SIGINT');
    expect((await ended).exitCode).toBe(0);
  },
);

describe('users', () => {
  const team = ['--workspace', join(folder, 'team')];

  test('a user’s token goes to standard output, once; who is let in is listed, and can be removed', async () => {
    const added = await fiducial('users', 'add', 'Ann', ...team);
    expect(added.stdout).toMatch(/^[\w-]{43}\n$/);
    const { users } = JSON.parse((await fiducial('users', 'list', '--json', ...team)).stdout) as {
      users: object[];
    };
    expect(users).toEqual([{ name: 'Ann', since: expect.any(String) as string }]);
    await fiducial('users', 'remove', 'Ann', ...team);
    expect((await fiducial('users', 'list', ...team)).stdout).toBe('There is no user yet.\n');
    const again = await fiducial('users', 'remove', 'Ann', ...team);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('There is no user Ann.');
  });

  test('nothing listens for a team without users', async () => {
    const { exitCode, stderr } = await fiducial('serve', '--listen', '127.0.0.1', ...team);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('fiducial users add NAME');
  });
});
