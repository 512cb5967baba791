import { expect, test } from 'vitest';
import { finding, intervalText, reachOf } from '../../../src/renderer/runs/intervals.ts';

const better = { difference: -0.12, low: -0.2, high: -0.04 };

test('a change is one only where its interval holds no 0', () => {
  expect(finding(better)).toBe('better');
  expect(finding({ difference: 0.1, low: 0.01, high: 0.2 })).toBe('worse');
  expect(finding({ difference: -0.1, low: -0.3, high: 0.1 })).toBe('no clear change');
});

test('it is said with its interval', () => {
  expect(intervalText(better)).toBe('−0.12 (−0.20 to −0.04)');
});

test('all intervals fit on one scale', () => {
  expect(reachOf([better, { difference: 0, low: -0.1, high: 0.5 }])).toBe(0.5);
  expect(reachOf([])).toBeGreaterThan(0);
});
