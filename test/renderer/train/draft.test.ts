import { describe, expect, test } from 'vitest';
import { freshDraft, startInput } from '../../../src/renderer/train/draft.ts';

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
    expect(startInput({ ...freshDraft, spec })).not.toHaveProperty('preset');
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
