import { describe, expect, test } from 'vitest';
import type { ImageFilter } from '../../../src/contract/cells.ts';
import { conditions } from '../../../src/renderer/dataset/words.ts';

const said = (filter: ImageFilter) => conditions(filter, (id) => `source ${id}`).map(({ text }) => text);

describe('a filter in words', () => {
  test('is a condition for each thing that it asks for', () => {
    expect(said({ keypoint: 'nose_tip', state: 'occluded', kind: 'test', source: 2, text: '12' })).toEqual([
      'nose_tip occluded',
      'test images',
      'source 2',
      '“12”',
    ]);
  });

  test('says what a keypoint alone asks for', () => {
    expect(said({ keypoint: 'nose_tip' })).toEqual(['nose_tip missing']);
    expect(said({ keypoint: 'nose_tip', author: 'human:ana' })).toEqual(['nose_tip', 'by ana']);
    expect(said({ state: 'absent' })).toEqual(['some point absent']);
  });

  test('names whom labels are due to', () => {
    const by = (author: string) => said({ author })[0];
    expect(by('import:1')).toBe('by import 1');
    expect(by('model-run:11')).toBe('by run 11');
    expect(by('human:ana: the second')).toBe('by ana: the second');
    expect(by('nonsense')).toBe('by nonsense');
  });

  test('takes a keypoint away together with its state', () => {
    expect(conditions({ keypoint: 'nose_tip', state: 'absent' }, String)[0]!.parts).toEqual([
      'keypoint',
      'state',
    ]);
  });

  test('is empty where nothing is asked for', () => {
    expect(said({})).toEqual([]);
    expect(said({ text: '' })).toEqual([]);
  });
});
