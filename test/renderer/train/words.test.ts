import { describe, expect, test } from 'vitest';
import type { Layer } from '../../../src/domain/network-spec.ts';
import type { Progress, RunDetail } from '../../../src/renderer/train/run-watch.svelte.ts';
import {
  costText,
  figuresOf,
  layerText,
  shapeText,
  short,
  statusText,
} from '../../../src/renderer/train/words.ts';

test('large counts are short', () => {
  expect([0, 950, 12_345, 1_681_234, 36_800_000, 2_500_000_000].map(short)).toEqual([
    '0',
    '950',
    '12.3 k',
    '1.68 M',
    '36.8 M',
    '2.5 G',
  ]);
});

test('a layer is a line, whatever stands in its fields', () => {
  const layers: [Layer, string][] = [
    [{ type: 'conv', filters: 32, kernel: 5, stride: 2, padding: 2 }, 'conv 32, 5x5, /2, pad 2'],
    [{ type: 'conv', filters: 8, kernel: [3, 5], bias: false }, 'conv 8, 3x5, bias no'],
    [{ type: 'residual', body: [] }, 'residual'],
    [{ type: 'dropout', rate: 0.3 }, 'dropout 0.3'],
    [{ type: 'dense', units: '3o' as unknown as number }, 'dense 3o'],
  ];
  for (const [layer, text] of layers) expect(layerText(layer)).toBe(text);
  expect(shapeText([32, 48, 48])).toBe('32×48×48');
});

test('a cost is told to within some percent', () => {
  expect([41.2, 150, 178.4, 599, 700, 4800].map(costText)).toEqual([
    '42 s',
    '2 min 30 s',
    '3 min',
    '10 min',
    '12 min',
    '1 h 20 min',
  ]);
});

test('a run says what it is doing', () => {
  const said = (status: 'queued' | 'running', paused: boolean, ahead: number | null) =>
    statusText({ status, paused, ahead });
  expect(said('running', false, null)).toBe('running');
  expect(said('running', true, null)).toBe('paused');
  expect(said('queued', false, 2)).toBe('queued, 2 before it');
  expect(said('queued', false, null)).toBe('left in the queue');
});

describe('the figures of a run', () => {
  const run = { curve: [], epochs: 0, seconds: 0, imagesPerSecond: null, validation: null } as unknown as RunDetail; // prettier-ignore
  const point = { epoch: 3, validationRmse: 2.345, gradientNorm: 0.01234, learningRate: 0.002, imagesPerSecond: 400 }; // prettier-ignore
  const figures = (fields: Partial<RunDetail>, progress?: Partial<Progress>) =>
    Object.fromEntries(figuresOf({ ...run, ...fields }, progress as Progress | undefined));

  test('are open before the first epoch', () => {
    expect(new Set(Object.values(figures({})))).toEqual(new Set(['–']));
  });

  test('are what its training says while it runs', () => {
    const curve = [point] as RunDetail['curve'];
    const progress = {
      epoch: 4,
      epochs: 9.4,
      imagesPerSecond: 412.3,
      learningRate: 0.00155,
      secondsLeft: 75,
    };
    expect(figures({ curve }, progress)).toEqual({
      epoch: '4 of 10',
      'images/s': '412',
      'time left': '1 min',
      'learning rate': '0.00155',
      'gradient norm': '0.0123',
      validation: '2.35 px',
    });
  });

  test('are what it came to when it has finished', () => {
    const validation = { rmse: 1.552 } as RunDetail['validation'];
    expect(figures({ validation, epochs: 54.25, seconds: 580, imagesPerSecond: 356.2 })).toMatchObject({
      epoch: '54.3',
      time: '10 min',
      'images/s': '356',
      'final error': '1.55 px',
    });
  });
});
