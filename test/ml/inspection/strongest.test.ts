import { expect, test } from 'vitest';
import { Strongest } from '../../../src/ml/inspection/strongest.ts';

test('keeps the twelve strongest images of each channel, the strongest first', () => {
  const strongest = new Strongest();
  // Channel 0 grows with the image's number, channel 1 falls.
  for (let first = 0; first < 20; first += 5) {
    const images = [0, 1, 2, 3, 4].map((i) => first + i);
    strongest.add(images, new Map([['conv1', Float32Array.from(images.flatMap((id) => [id, 100 - id]))]]));
  }
  const [growing, falling] = strongest.found()['conv1']!;
  expect(growing!.map(({ imageId }) => imageId)).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8]);
  expect(falling!.map(({ imageId }) => imageId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(falling![0]).toEqual({ imageId: 0, value: 100 });
});
