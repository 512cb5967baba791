import { expect, test } from 'vitest';
import { face15 } from '../../../src/domain/schema.ts';
import { readReview, writeReview } from '../../../src/renderer/review/review-address.ts';

const read = (text: string) => readReview(new URLSearchParams(text), face15);
const write = (text: string) => writeReview(read(text), face15).toString();

test('a fresh screen shows the worst faces of those that the latest run has held out', () => {
  expect(read('')).toEqual({
    run: undefined,
    view: 'faces',
    filter: { split: 'validation' },
    order: 'worst',
    keypoint: undefined,
    reversed: false,
    imageId: undefined,
  });
  expect(write('')).toBe('');
});

test('all images are an address of their own', () => {
  expect(read('images=all').filter).toEqual({});
  expect(write('images=all')).toBe('images=all');
  expect(write('images=some')).toBe('');
});

test('what a person has chosen stands in the address, always in the same sequence', () => {
  const address = 'run=3&view=errors&kind=training&order=disagreement&point=nose_tip&reversed=yes&image=12';
  expect(write(address)).toBe(address);
  expect(write('image=12&point=nose_tip&run=3')).toBe('run=3&point=nose_tip&image=12');
});

test('what nobody can have meant is as in a fresh screen', () => {
  expect(write('run=-1&view=nothing&order=best&point=chin&image=x')).toBe('');
});
