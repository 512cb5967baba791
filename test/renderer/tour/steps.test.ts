import { expect, test } from 'vitest';
import type { WorkspaceInfo } from '../../../src/contract/workspace.ts';
import { noAugmentation } from '../../../src/domain/recipe.ts';
import { presetSpec } from '../../../src/ml/network/presets.ts';
import { type Facts, type KnownRun, tourSteps } from '../../../src/renderer/tour/steps.ts';

const states = (visible: number, missing: number) => ({ visible, missing, occluded: 0, absent: 0 });
const info = {
  schema: { mirrorPairs: [['left_eye', 'right_eye']] },
  trainingImages: 1000,
  completeImages: 300,
  completeness: [
    { keypoint: 'left_eye', states: states(1000, 0) },
    { keypoint: 'right_eye', states: states(990, 10) },
    { keypoint: 'nose_tip', states: states(300, 700) },
  ],
} as unknown as WorkspaceInfo;

/** A finished run; what a test does not speak of is left out. */
function run(runId: number, fields: Partial<KnownRun> = {}, validation = 3, trainRmse = 1): KnownRun {
  return {
    ...{ runId, status: 'finished', rows: 'all', spec: presetSpec('default'), augmentation: noAugmentation },
    ...{ trainRmse, validation: { rmse: validation }, parameters: 5000, baselines: [], curve: [] },
    ...fields,
  } as unknown as KnownRun;
}

const plain = run(1, { spec: presetSpec('mlp') }, 4);
const facts = (runs: KnownRun[]): Facts => ({ info, runs, silenced: { zeros: 25, of: 100 } });
const step = (title: string, runs: KnownRun[]) =>
  tourSteps(facts(runs)).find((other) => other.title.startsWith(title))!;

test('begins with what is missing, counted', () => {
  const { text, screen, query } = step('Missing data', []);
  expect(text).toContain('300 of 1,000 training images have every keypoint');
  expect(text).toContain('the nose tip is missing in 700');
  expect(text).toContain('throws away 1,390 of 2,290 labels');
  expect([screen, query.toString()]).toEqual(['dataset', 'kind=training&order=missing']);
});

test('where a run is missing, the button starts the right one', () => {
  const needed = (title: string) => step(title, []).needed?.start;
  expect(needed('A plain network')).toMatchObject({ preset: 'mlp' });
  expect(needed('From plain net')).toMatchObject({ preset: 'default' });
  expect(needed('Pooling')).toMatchObject({ preset: 'lenet5' });
  expect(needed('Overfitting')).toMatchObject({
    rows: { kind: 'complete' },
    recipe: { augmentation: noAugmentation },
  });
  const augmented = needed('What augmentation does');
  expect(augmented).toMatchObject({ rows: { kind: 'complete' } });
  expect(augmented?.recipe).toBeUndefined();
});

test('a run that trains is waited for instead of being started again', () => {
  const { text, needed, query } = step('A plain network', [
    { ...plain, status: 'running', validation: null },
  ]);
  expect(text).toContain('Run 1 will show it: it is training');
  expect(needed).toBeUndefined();
  expect(query.toString()).toBe('run=1');
});

test('a plain network stands beside a convolutional one, the latest of each', () => {
  const runs = [run(3), run(2), plain];
  expect(step('A plain network', runs).query.toString()).toBe('run=1');
  const { query, text } = step('From plain net', runs);
  expect(query.toString()).toBe('run=3&beside=1%3Abest');
  expect(text).toContain('3.00 px');
  expect(text).toContain('run 1, plain: It is 4.00 px');
});

test('ReLU is shown by how much it silences, pooling where there is a network that pools', () => {
  const pools = run(5, { spec: presetSpec('lenet5') });
  expect(step('ReLU', [pools]).text).toContain('silences 25 % of 100 values');
  expect(step('ReLU', [pools]).query.get('layer')).toBe('relu1');
  expect(step('Pooling', [run(6), pools]).query.toString()).toBe('run=5&layer=maxPool1');
});

test('overfitting is the share of the error that unseen faces have alone, augmentation against it', () => {
  const heart = run(7, { rows: 'complete' }, 2, 1);
  const augmented = run(8, { rows: 'complete', augmentation: { ...noAugmentation, rotation: 20 } }, 1.5, 1.2);
  expect(step('Overfitting on 300 complete rows', [heart]).text).toContain('75 % of the squared error');
  const { screen, query, text } = step('What augmentation does', [augmented, heart]);
  expect([screen, query.toString()]).toEqual(['runs', 'marked=7%2C8&shown=comparison']);
  expect(text).toContain('Run 8 on the same rows is 1.20 px');
  expect(text).toContain('Run 7, without it: 1.00 px and 2.00 px');
});

test('ends with the curves of the best run', () => {
  const curve = [5, 2, 3].map((validationRmse, i) => ({ epoch: i + 1, validationRmse }));
  const { text, query } = step('Reading the curves', [run(9, { curve, bestEpoch: 2 }, 2), run(10)]);
  expect(query.toString()).toBe('run=9');
  expect(text).toContain('2.00 px in epoch 2 of 3; the last is 3.00 px');
});
