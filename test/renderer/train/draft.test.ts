import { describe, expect, test } from 'vitest';
import { presetNames, presetSpec } from '../../../src/ml/network/presets.ts';
import { presetRecipes } from '../../../src/ml/training/recipe.ts';
import type { Draft, Preset, RunSetup } from '../../../src/renderer/train/draft.ts';
import { draftOf, freshDraft, plan, startInput } from '../../../src/renderer/train/draft.ts';
import type { RunRequest } from '../../../src/service/run-config.ts';
import { runConfig } from '../../../src/service/run-config.ts';

const presets: Preset[] = presetNames.map((name) => ({
  name,
  spec: presetSpec(name),
  recipe: presetRecipes[name],
}));

describe('what the service is asked for', () => {
  test('is the preset with its own recipe where nothing else is said', () => {
    expect(startInput(freshDraft)).toEqual({
      preset: 'default',
      rows: { kind: 'all' },
      split: { validation: 0.15, seed: 1 },
      seed: 1,
      engine: 'auto',
    });
  });

  test('is a network of one’s own in place of the preset', () => {
    const spec = { layers: [{ type: 'flatten' as const }] };
    expect(startInput({ ...freshDraft, spec })).toMatchObject({ spec });
  });

  test('names only the fields of the recipe that differ', () => {
    expect(startInput({ ...freshDraft, recipe: { epochs: 3 } }).recipe).toEqual({ epochs: 3 });
  });

  test('has the network of the run that it starts from', () => {
    const asked = startInput({ ...freshDraft, from: { run: 4, epoch: null }, timeLimit: 60 });
    expect(asked).toMatchObject({ from: { run: 4 }, timeLimit: 60 });
    expect(asked).not.toHaveProperty('preset');
    expect(startInput({ ...freshDraft, from: { run: 4, epoch: 7 } }).from).toEqual({ run: 4, epoch: 7 });
  });
});

describe('what the screen shows of a draft', () => {
  const ground = { snapshot: '', rows: { kind: 'all' } } as const;
  const configOf = (draft: Draft) => runConfig(startInput(draft) as RunRequest, ground);
  const spec = { layers: [{ type: 'flatten' as const }] };
  const drafts: Partial<Draft>[] = [
    {},
    { preset: 'mlp' },
    { preset: 'lenet5', recipe: { epochs: 3, normalisation: 'standardise' } },
    { preset: 'mlp', spec, recipe: { batchSize: 8 } },
  ];

  test.each(drafts)('is what the service makes of it: %j', (fields) => {
    const draft = { ...freshDraft, ...fields };
    const { network, spec, recipe } = plan(draft, presets)!;
    expect(configOf(draft)).toMatchObject({ preset: network, spec, recipe });
  });

  test('of a run that starts from another one is that one’s network, and its recipe with the changes', () => {
    const config = configOf({ ...freshDraft, preset: 'mlp' });
    const draft = { ...freshDraft, from: { run: 4, epoch: null }, recipe: { epochs: 3 } };
    const { network, spec, recipe } = plan(draft, presets, config as RunSetup)!;
    const next = runConfig(startInput(draft) as RunRequest, { ...ground, from: { config, start: { run: 4, epoch: 9 } } }); // prettier-ignore
    expect(next).toMatchObject({ preset: network, spec, recipe });
    expect(network).toBe('mlp');
  });

  test('is nothing before it is known what there is', () => {
    expect(plan(freshDraft, [])).toBeUndefined();
    expect(plan({ ...freshDraft, from: { run: 4, epoch: null } }, presets)).toBeUndefined();
  });

  test('set up alike trains the same again', () => {
    for (const fields of drafts) {
      const config = configOf({ ...freshDraft, ...fields });
      expect(configOf(draftOf(config as RunSetup))).toEqual(config);
    }
  });

  test('set up alike asks the filter anew', () => {
    const rows = { kind: 'filter', filter: { complete: true }, images: [1, 2] } as const;
    const config = { ...configOf(freshDraft), rows };
    expect(draftOf(config as unknown as RunSetup).rows).toEqual({
      kind: 'filter',
      filter: { complete: true },
    });
  });
});
