import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as onnxruntime from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '../../src/contract/runs.ts';
import { mirrorPermutation, face15 } from '../../src/domain/schema.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { trainerOf } from '../trainer/trainer-of.ts';
import type { Ended } from './fiducial.ts';
import { fiducial, start, temporaryFolder } from './fiducial.ts';

const folder = temporaryFolder();
const directory = join(folder, 'workspace');
const workspace = ['--workspace', directory];
const archive = join(folder, 'faces.zip');
const submission = join(folder, 'submission.csv');
const inFolder = (name: string) => join(folder, name);

let kaggle: Ended;

beforeAll(async () => {
  await fiducial('sample', archive);
  kaggle = await fiducial(
    ...['kaggle', archive, '--out', submission, '--preset', 'mlp', '--epochs', '2', '--json'],
    ...workspace,
  );
});

const runs = async () => JSON.parse((await fiducial('runs', '--json', ...workspace)).stdout) as RunView[];

describe('kaggle', () => {
  test('writes a submission that answers every row of the lookup table, in order', () => {
    expect(kaggle.exitCode).toBe(0);
    const lines = readFileSync(submission, 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('RowId,Location');
    const { submission: written } = JSON.parse(kaggle.stdout) as { submission: { rows: number } };
    expect(lines).toHaveLength(written.rows + 1);
    lines.slice(1).forEach((line, i) => {
      const [rowId, location] = line.split(',').map(Number);
      expect(rowId).toBe(i + 1);
      expect(location).toBeGreaterThanOrEqual(0);
      expect(location).toBeLessThanOrEqual(96);
    });
  });

  test('--json says what was reached, beside what, and where it was written', () => {
    expect(JSON.parse(kaggle.stdout)).toMatchObject({
      runId: 1,
      engine: expect.stringMatching(/^(onnx|tfjs)$/) as string,
      epochs: 2,
      seconds: expect.any(Number) as number,
      validation: { rmse: expect.any(Number) as number },
      baselines: expect.arrayContaining([
        { name: 'mean shape', rmse: expect.any(Number) as number },
      ]) as object,
      perKeypoint: face15.keypoints.map((keypoint) => ({ keypoint, rmse: expect.anything() as number })),
      written: { submission },
    });
  });

  test('refuses before it trains when nothing says what a submission must answer', async () => {
    await fiducial('export', 'training-csv', '--out', inFolder('training.csv'), ...workspace);
    const elsewhere = ['--workspace', inFolder('elsewhere')];
    const { exitCode, stderr } = await fiducial(
      ...['kaggle', inFolder('training.csv'), '--out', inFolder('never.csv')],
      ...elsewhere,
    );
    expect(stderr).toContain('holds no IdLookupTable.csv');
    expect(exitCode).toBe(2);
  });

  test('elsewhere than on a terminal each epoch is a line', () => {
    expect(kaggle.stderr).toMatch(/^epoch 1\/2 {2}loss \S+ {2}validation \d+\.\d\d px/m);
  });
});

describe('a finished run', () => {
  test('has its submission listed, and beside its own validation the score that a person types in', async () => {
    await fiducial('submissions', 'score', '1', '3.25', ...workspace);
    const { stdout } = await fiducial('submissions', 'list', '--json', ...workspace);
    const { validation } = JSON.parse(kaggle.stdout) as RunView;
    expect(JSON.parse(stdout)).toMatchObject([
      { id: 1, runId: 1, path: submission, score: 3.25, validation: { rmse: validation!.rmse } },
    ]);
    const unknown = await fiducial('submissions', 'score', '9', '3', ...workspace);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('no submission 9') as string,
    ]);
  });

  test('is evaluated again to the same figure', async () => {
    const { stdout } = await fiducial('evaluate', 'latest', '--json', ...workspace);
    const [again, before] = [stdout, kaggle.stdout].map((text) => JSON.parse(text) as RunView);
    expect(again!.validation!.rmse).toBeCloseTo(before!.validation!.rmse, 4);
  });

  test('ranks the labels that are probably wrong, each with its row and why', async () => {
    const { stdout } = await fiducial('suspects', '--limit', '20', '--json', ...workspace);
    const { run, suspects } = JSON.parse(stdout) as {
      run: number;
      suspects: { row: number; file: string; keypoint: string; reason: string; score: number }[];
    };
    expect([run, suspects.length]).toEqual([1, 20]);
    const scores = suspects.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const { row, file, keypoint, reason } of suspects) {
      expect(row).toBeGreaterThan(1);
      expect(file).toContain('training.csv');
      expect(face15.keypoints).toContain(keypoint);
      expect(reason).toMatch(/px|left and right/);
    }
  });

  test('ranks the cells to label next, all of them missing', async () => {
    const { stdout } = await fiducial('next', '--limit', '15', '--json', ...workspace);
    const { remaining, cells } = JSON.parse(stdout) as {
      remaining: number;
      cells: { image: number; keypoint: string; score: number }[];
    };
    expect(cells).toHaveLength(15);
    expect(remaining).toBeGreaterThan(15);
    const scores = cells.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const opened = Workspace.openReadOnly(directory);
    for (const { image, keypoint } of cells)
      expect(opened.labels.of(image)[face15.keypoints.indexOf(keypoint)]).toEqual({ state: 'missing' });
    opened.close();
  });

  test('places points on a colour JPEG of another size in its own pixels', async () => {
    const opened = Workspace.openReadOnly(directory);
    const gray = { raw: { width: 96, height: 96, channels: 1 as const } };
    const face = sharp(opened.images.pixels(1), gray);
    opened.close();
    await face.clone().png().toFile(inFolder('small.png'));
    await face
      .clone()
      .resize(480, 480)
      .toColourspace('srgb')
      .jpeg({ quality: 95 })
      .toFile(inFolder('large.jpg'));

    const { exitCode } = await fiducial(
      ...['predict', '1', inFolder('small.png'), inFolder('large.jpg'), '--out', inFolder('points.json')],
      ...workspace,
    );
    expect(exitCode).toBe(0);
    type Predictions = { images: { width: number; points: { x: number; y: number }[] }[] };
    const [small, large] = (JSON.parse(readFileSync(inFolder('points.json'), 'utf8')) as Predictions).images;
    expect(large!.width).toBe(480);
    small!.points.forEach(({ x, y }, k) => {
      expect(Math.abs(large!.points[k]!.x - (5 * (x + 0.5) - 0.5))).toBeLessThan(5);
      expect(Math.abs(large!.points[k]!.y - (5 * (y + 0.5) - 0.5))).toBeLessThan(5);
    });
  });

  test('is exported as a model that onnxruntime alone runs to the same points', async () => {
    await fiducial('export', 'model', '--run', '1', '--out', inFolder('model.onnx'), ...workspace);
    const model = await onnxruntime.InferenceSession.create(inFolder('model.onnx'));
    await samePoints(async (values) => {
      const image = new onnxruntime.Tensor('float32', values, [1, 1, 96, 96]);
      const { keypoints } = await model.run({ image });
      return keypoints!.data as Float32Array;
    });
    const text = readFileSync(inFolder('model.onnx'), 'latin1');
    expect(text).toContain('value / 255');
    expect(text).toContain(face15.keypoints.join(','));
  });

  test('is exported as a model that TensorFlow.js alone runs to the same points', async () => {
    const out = inFolder('tfjs');
    const { stdout } = await fiducial(
      ...['export', 'model', '--run', '1', '--format', 'tfjs', '--out', out, '--json'],
      ...workspace,
    );
    expect(JSON.parse(stdout)).toMatchObject({ path: out, files: ['model.json', 'weights.bin'], runId: 1 });
    await tf.setBackend('cpu');
    const model = await tf.loadGraphModel(graphModelIn(out));
    await samePoints(async (values) => {
      const keypoints = model.predict(tf.tensor(values, [1, 96, 96, 1])) as tf.Tensor;
      return (await keypoints.data()) as Float32Array;
    });
    expect(model.metadata).toMatchObject({
      normalisation: 'value / 255',
      keypoints: face15.keypoints.join(','),
    });
  });

  test('is reported on one page that needs nothing else, with its figures and where its submission went', async () => {
    const out = inFolder('report.html');
    const { exitCode } = await fiducial('export', 'report', '--run', '1', '--out', out, ...workspace);
    expect(exitCode).toBe(0);
    const page = readFileSync(out, 'utf8');
    const { validation, baselines } = JSON.parse(kaggle.stdout) as RunView;
    const { rmse, interval } = validation!;
    for (const figure of [rmse, interval.low, interval.high, ...baselines.map((one) => one.rmse)])
      expect(page).toContain(figure.toFixed(2));
    for (const words of ['nose tip', 'Worst faces', 'data:image/png;base64,', submission])
      expect(page).toContain(words);
    expect(page).not.toMatch(/<script|(src|href)="(?!data:)/);
  });

  test('cannot be resumed, and its neighbour does not exist', async () => {
    expect((await fiducial('resume', '1', ...workspace)).stderr).toContain(
      'cannot be resumed: it is finished',
    );
    expect((await fiducial('resume', '99', ...workspace)).exitCode).toBe(2);
  });
});

test('kaggle in no time says how much it needs', async () => {
  const elsewhere = ['--workspace', inFolder('hasty'), '--out', inFolder('hasty.csv')];
  const { stderr, exitCode } = await fiducial('kaggle', archive, '--time-limit', '5s', ...elsewhere);
  expect(stderr).toMatch(/leaves no time to train: importing took [\d.]+ s.* Give it \d+ s or more/);
  expect(exitCode).toBe(2);
});

test('kaggle --ensemble trains networks with other seeds, and submits their average', async () => {
  const elsewhere = ['--workspace', inFolder('averaged')];
  const out = inFolder('averaged.csv');
  const { stdout, stderr, exitCode } = await fiducial(
    ...[
      'kaggle',
      archive,
      '--out',
      out,
      '--preset',
      'mlp',
      '--epochs',
      '1',
      '--ensemble',
      '2',
      '--seed',
      '4',
    ],
    ...elsewhere,
  );
  expect(exitCode).toBe(0);
  expect(stderr.match(/^Run [12]: mlp by .*, finished/gm)).toHaveLength(2);
  expect(stdout).toContain('Run 3: ensemble of runs 1, 2');
  expect(stdout).toMatch(/^within 2 px +\d/m);
  expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(922);
});

test('an ensemble and a comparison of two runs say what they reached', async () => {
  const settings = ['--preset', 'mlp', '--epochs', '1', '--seed', '2', '--json'];
  const second = JSON.parse((await fiducial('train', ...settings, ...workspace)).stdout) as RunView;
  const averaged = await fiducial('ensemble', '1', String(second.runId), '--json', ...workspace);
  expect(JSON.parse(averaged.stdout)).toMatchObject({
    members: expect.arrayContaining([1, second.runId]) as number[],
    validation: { rmse: expect.any(Number) as number },
  });

  const compared = await fiducial('compare', '1', String(second.runId), ...workspace);
  expect(compared.exitCode).toBe(0);
  expect(compared.stdout).toMatch(/^recipe\.epochs +2 +1$/m);
  expect(compared.stdout).toMatch(/^nose_tip +\d+\.\d\d +\d+\.\d\d +[+−]\d+\.\d\d \([+−]\d/m);
  const alone = await fiducial('compare', '1', ...workspace);
  expect([alone.exitCode, alone.stderr]).toEqual([2, expect.stringContaining('others') as string]);
});

/**
 * Looks at a test image, straight and mirrored, through a model that somebody else runs, as its metadata says for this
 * preset: value / 255 in, half sides about the centre out. It must find what the run has predicted, to 1e-4 px.
 */
async function samePoints(model: (values: Float32Array) => Promise<Float32Array>) {
  const opened = Workspace.openReadOnly(directory);
  const testImage = opened.sources.imagesByKey().get('1')!;
  const pixels = opened.images.pixels(testImage);
  const stored = opened.predictions.points(1, [testImage]);
  opened.close();
  const place = async (at: (x: number, y: number) => number) => {
    const values = Float32Array.from({ length: 96 * 96 }, (_, i) => at(i % 96, Math.floor(i / 96)) / 255);
    return (await model(values)).map((value) => value * 48 + 47.5);
  };
  const straight = await place((x, y) => pixels[y * 96 + x]!);
  const mirrored = await place((x, y) => pixels[y * 96 + 95 - x]!);
  mirrorPermutation(face15).forEach((partner, k) => {
    const x = (straight[2 * k]! + 95 - mirrored[2 * partner]!) / 2;
    const y = (straight[2 * k + 1]! + mirrored[2 * partner + 1]!) / 2;
    expect(Math.abs(stored[2 * k]! - x)).toBeLessThan(1e-4);
    expect(Math.abs(stored[2 * k + 1]! - y)).toBeLessThan(1e-4);
  });
}

/** As tf.io.http would fetch them. */
function graphModelIn(folder: string): tf.io.IOHandler {
  const { weightsManifest, ...model } = JSON.parse(
    readFileSync(join(folder, 'model.json'), 'utf8'),
  ) as tf.io.ModelJSON;
  const { paths, weights } = weightsManifest[0]!;
  const weightData = new Uint8Array(readFileSync(join(folder, paths[0]!))).buffer;
  return { load: () => Promise.resolve({ ...model, weightSpecs: weights, weightData }) };
}

describe('a run under way', () => {
  const long = ['train', '--preset', 'mlp', '--epochs', '500', ...workspace];

  test('Ctrl+C stops it at a checkpoint, and resume goes on from there', async () => {
    const { child, ended, says } = start(
      'train',
      '--preset',
      'mlp',
      '--epochs',
      '12',
      '--json',
      ...workspace,
    );
    await says('epoch 2/');
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await ended;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'STOPPED' } });
    const { runId, status } = (await runs())[0]!;
    expect(status).toBe('stopped');
    expect(stderr).toContain(`Go on with: fiducial resume ${runId} --workspace ${directory}`);

    const resumed = await fiducial('resume', String(runId), '--json', ...workspace);
    expect(resumed.exitCode).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ runId, status: 'finished', epochs: 12 });
    expect(resumed.stderr).not.toContain('epoch 1/');
  });

  test('another process is told who writes, and sees the run', async () => {
    const { child, ended, says } = start(...long);
    await says('epoch 1/');
    const other = await fiducial('import', archive, ...workspace);
    expect(other.stderr).toMatch(/Process \d+ has this workspace open/);
    expect(other.exitCode).toBe(2);
    expect((await runs())[0]!.status).toBe('running');
    child.kill('SIGINT');
    await ended;
  });

  test.skipIf(process.platform === 'win32')(
    'when its process is killed the run has failed, and the workspace is as good as before',
    async () => {
      const { child, ended, says } = start(...long);
      await says('epoch 1/');
      process.kill(trainerOf(child.pid!), 'SIGKILL');
      const { exitCode, stderr } = await ended;
      expect(exitCode).toBe(1);
      expect(stderr).toContain('was ended by SIGKILL');
      const failed = (await runs())[0]!;
      expect(failed.status).toBe('failed');
      expect(failed.error).toContain('SIGKILL');
      expect((await fiducial('info', ...workspace)).exitCode).toBe(0);
    },
  );

  test('when the command itself is killed, the run is called stopped, not running', async () => {
    const { child, ended, says } = start(...long);
    await says('epoch 1/');
    child.kill('SIGKILL');
    await ended;
    await expect.poll(async () => (await runs())[0]!.status, { timeout: 60_000 }).toBe('stopped');
  });
});
