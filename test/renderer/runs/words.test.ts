import { expect, test } from 'vitest';
import { rmseText, valueText } from '../../../src/renderer/runs/words.ts';

test('an error stands with its interval', () => {
  const validation = { rmse: 1.548, interval: { low: 1.47, high: 1.65 } } as Parameters<typeof rmseText>[0];
  expect(rmseText(validation)).toBe('1.55 (1.47 to 1.65)');
  expect(rmseText(null)).toBe('–');
});

test('values of a config are as short as they can be', () => {
  expect([null, 0.1 + 0.2, 'mse', [0.5]].map(valueText)).toEqual(['–', '0.3', 'mse', '[0.5]']);
});

test('layers of a network are read one after the other', () => {
  const layers = [
    { type: 'conv', filters: 8, kernel: 5 },
    { type: 'residual', body: [{ type: 'relu' }], scale: true },
  ];
  expect(valueText(layers)).toBe('conv 8, 5x5; residual scale yes (relu)');
});
