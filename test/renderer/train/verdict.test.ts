import { describe, expect, test } from 'vitest';
import type { RunView } from '../../../src/contract/runs.ts';
import { presetSpec } from '../../../src/ml/network/presets.ts';
import { presetRecipes } from '../../../src/ml/training/recipe.ts';
import type { Preset, RunSetup } from '../../../src/renderer/train/draft.ts';
import type { Evidence } from '../../../src/renderer/train/limits.ts';
import { verdict } from '../../../src/renderer/train/verdict.ts';

const presets: Preset[] = (['mlp', 'lenet5', 'default'] as const).map((name) => ({
  name,
  spec: presetSpec(name),
  recipe: presetRecipes[name],
}));

const setup: RunSetup = {
  preset: 'default',
  spec: presetSpec('default'),
  recipe: presetRecipes.default,
  engine: 'onnx',
  seed: 1,
  rows: { kind: 'all' },
  split: { validation: 0.15, seed: 1 },
};

const judged = {
  rmse: 1.55,
  pooled: 1.55,
  suspects: [] as { imageId: number; rmse: number }[],
  interval: { low: 1.47, high: 1.65 },
  mirrored: true,
  failureRate: 0.01,
  cumulative: [],
  cohorts: [],
};

/** A run that learned as much as it validates: bias, and nothing else. */
function runWith(fields: Partial<RunView> = {}, validation: Partial<typeof judged> = {}): RunView {
  return {
    runId: 12,
    status: 'finished',
    network: 'default',
    epochs: 8,
    bestEpoch: 8,
    validationImages: 498,
    validation: { ...judged, ...validation },
    perKeypoint: ['eye', 'nose', 'mouth'].map((keypoint) => ({ keypoint, rmse: 1.5 })),
    labelNoise: null,
    start: null,
    baselines: [
      { name: 'PCA + ridge', rmse: 2.72 },
      { name: 'mean shape', rmse: 4.34 },
    ],
    ...fields,
  } as RunView;
}

const curveTo = (train: number, validation: number, from = validation) =>
  Array.from({ length: 8 }, (_, i) => ({
    epoch: i + 1,
    trainRmse: train,
    validationRmse: from + ((validation - from) * i) / 7,
  }));

const evidence = (fields: Partial<Evidence> = {}): Evidence => ({
  run: runWith(),
  setup,
  curve: curveTo(1.5, 1.6),
  floor: null,
  others: [],
  labels: ['eye', 'nose', 'mouth'].map((keypoint) => ({ keypoint, placed: 1000, missing: 0 })),
  presets,
  ...fields,
});

const said = (fields?: Partial<Evidence>) => verdict(evidence(fields))!;

describe('how good a run is', () => {
  test('is said with its interval and against the best baseline', () => {
    expect(said().good.text).toBe(
      'It is 1.55 px off on 498 images that it has not seen (95 % interval 1.47 to 1.65), 43 % less than the best baseline (PCA + ridge, 2.72 px).',
    );
    expect(said().good.step).toEqual({ kind: 'submission' });
  });

  test('is not glossed over where a baseline is better', () => {
    const { good } = said({ run: runWith({ baselines: [{ name: 'mean shape', rmse: 1.2 }] }) });
    expect(good.text).toContain('the best baseline, mean shape, is better with 1.20 px');
    expect(good.step).toEqual({ kind: 'show-run', run: 12 });
  });

  test('is said against people once they have labelled enough again', () => {
    expect(said({ floor: { rmse: 1.1, answers: 40 } }).good.text).toContain('People are 1.10 px off');
    expect(said({ floor: { rmse: 1.1, answers: 5 } }).good.text).not.toContain('People');
  });

  test('is else said against the labels’ own noise, where near duplicates tell it', () => {
    const labelNoise = { rmse: 0.9, interval: { low: 0.8, high: 1 }, pairs: 60, setAside: 1 };
    expect(said({ run: runWith({ labelNoise }) }).good.text).toContain(
      'Labels of one scene’s pictures are themselves 0.90 px apart.',
    );
    const noisy = { ...labelNoise, rmse: 1.5 };
    expect(said({ run: runWith({ labelNoise: noisy }) }).limit.text).toContain('The labels limit it.');
  });

  test('leads to the comparison with a better run, where there is one', () => {
    const better = runWith({ runId: 7 }, { rmse: 1.4 });
    const worse = runWith({ runId: 8 }, { rmse: 1.8 });
    expect(said({ others: [worse, better] }).good).toMatchObject({
      button: 'Compare with run 7, the best so far',
      step: { kind: 'compare', runs: [7, 12] },
    });
    expect(said({ others: [worse] }).good.step).toEqual({ kind: 'submission' });
  });

  test('cannot be said of a run that was judged on nothing', () => {
    expect(verdict(evidence({ run: runWith({ validation: null }) }))).toBeUndefined();
  });
});

describe('what limits a run', () => {
  test('is the labels where people are no better', () => {
    const { limit, next } = said({ floor: { rmse: 1.5, answers: 40 } });
    expect(limit.text).toContain('The labels limit it. People are 1.50 px off when they label again');
    expect(next.step).toEqual({ kind: 'submission' });
  });

  test('is label noise where a few images with wrong labels hold much of the error', () => {
    const suspects = [{ imageId: 81, rmse: 20 }, { imageId: 5, rmse: 15 }]; // prettier-ignore
    const { limit, next } = said({ run: runWith({}, { pooled: 1.91, suspects }) });
    expect(limit.text).toBe(
      'Label noise limits it: 2 images whose labels are probably wrong hold 34 % of all squared error.',
    );
    expect(limit.step).toEqual({ kind: 'image', imageId: 81 });
    expect(next.step).toEqual({ kind: 'image', imageId: 81 });
  });

  test('is not label noise where the images set aside hold little', () => {
    const suspects = [{ imageId: 81, rmse: 6 }];
    expect(said({ run: runWith({}, { pooled: 1.6, suspects }) }).limit.text).not.toContain('noise');
  });

  test('is one keypoint where that one holds far more than its share', () => {
    const perKeypoint = Array.from({ length: 15 }, (_, k) => ({ keypoint: `k${k}`, rmse: k === 3 ? 4 : 1 }));
    const labels = perKeypoint.map(({ keypoint }) => ({ keypoint, placed: 1000, missing: 0 }));
    const { limit, next } = said({ run: runWith({ perKeypoint }), labels });
    expect(limit.text).toBe('One keypoint limits it: k3 is 4.00 px off and holds 53 % of all squared error.');
    expect(next.step).toEqual({ kind: 'outliers', keypoint: 'k3' });
    const missed = labels.map((label, k) => (k === 3 ? { ...label, missing: 412 } : label));
    const labelling = said({ run: runWith({ perKeypoint }), labels: missed }).next;
    expect(labelling).toMatchObject({ button: 'Label k3', step: { kind: 'label', keypoint: 'k3' } });
    expect(labelling.text).toContain('412 training images miss k3');
  });

  test('is no keypoint that is hardly labelled', () => {
    const perKeypoint = Array.from({ length: 15 }, (_, k) => ({ keypoint: `k${k}`, rmse: k === 3 ? 4 : 1 }));
    const labels = perKeypoint.map(({ keypoint }, k) => ({ keypoint, placed: k === 3 ? 10 : 1000, missing: 0 })); // prettier-ignore
    expect(said({ run: runWith({ perKeypoint }), labels }).limit.text).not.toContain('keypoint');
  });

  test('is variance where training images are much better', () => {
    expect(said({ curve: curveTo(0.8, 1.6) }).limit.text).toBe(
      'Variance limits it: training images are 0.80 px off, others 1.60 px; 75 % of the squared error is there only on faces that it has not learned from.',
    );
  });

  test('is time where the error still fell at the end', () => {
    const { limit, next } = said({ curve: curveTo(1.5, 1.6, 6) });
    expect(limit.text).toContain('Time limits it: the error still fell by');
    expect(next.text).toBe('Next: train twice as long, 400 epochs.');
    expect(next.step).toMatchObject({ kind: 'draft', draft: { recipe: { epochs: 400 } } });
    const hurried = said({ curve: curveTo(1.5, 1.6, 6), setup: { ...setup, timeLimit: 60 } }).next;
    expect(hurried.step).toMatchObject({ draft: { timeLimit: 120 } });
  });

  test('is time where the images were gone through a few times only', () => {
    const { limit, next } = said({ run: runWith({ epochs: 1.31 }), setup: { ...setup, timeLimit: 150 } });
    expect(limit.text).toBe(
      'Time limits it: it has gone through the images only 1.3 times, and training images are 1.50 px off.',
    );
    expect(next.step).toMatchObject({ draft: { timeLimit: 300 } });
  });

  test('is bias where even training images are off', () => {
    expect(said().limit.text).toBe('Bias limits it: even training images are 1.50 px off, others 1.60 px.');
  });
});

describe('what to try next', () => {
  test('against bias is a network that can fit more', () => {
    const small = { ...setup, preset: 'mlp', spec: presetSpec('mlp') };
    expect(said({ run: runWith({ network: 'mlp' }), setup: small }).next.step).toMatchObject({
      draft: { preset: 'default', spec: null, recipe: {} },
    });
    const { step } = said().next;
    if (step.kind !== 'draft') throw new Error('no draft');
    expect(step.draft.spec!.layers[0]).toMatchObject({ type: 'conv', filters: 32 });
  });

  test('against variance is first all rows, then augmentation, then an average', () => {
    const variance = { curve: curveTo(0.8, 1.6) };
    const partly = said({ ...variance, setup: { ...setup, rows: { kind: 'complete' } } });
    expect(partly.next.step).toMatchObject({ draft: { rows: { kind: 'all' } } });

    const plain = { ...setup, recipe: { ...setup.recipe, augmentation: presetRecipes.lenet5.augmentation } };
    expect(said({ ...variance, setup: plain }).next.step).toMatchObject({
      draft: { recipe: { augmentation: presetRecipes.default.augmentation } },
    });

    const others = [runWith({ runId: 9 }, { rmse: 1.6 }), runWith({ runId: 3 }, { rmse: 3 })];
    expect(said({ ...variance, others }).next.step).toEqual({ kind: 'ensemble', runs: [12, 9] });
    expect(said(variance).next.step).toMatchObject({ draft: { seed: 2 } });
  });

  test('is otherwise set up as the run was', () => {
    const other = said({ curve: curveTo(0.8, 1.6) }).next.step;
    expect(other).toMatchObject({
      draft: { preset: 'default', engine: 'onnx', recipe: setup.recipe, from: null },
    });
  });
});
