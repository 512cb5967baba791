import { describe, expect, test } from 'vitest';
import type { ImageView } from '../../../src/contract/images.ts';
import type { Label } from '../../../src/domain/label.ts';
import { crossesOf, errorsPath, outlierPath, ringsOf } from '../../../src/renderer/faces/rings.ts';

const sides = ['left', 'right', 'middle', 'left'] as const;

const imageWith = (labels: Label[], outlier: ImageView['outlier'] = null): ImageView => ({
  id: 1,
  sha256: '',
  width: 96,
  height: 96,
  duplicateGroup: null,
  labels,
  outlier,
});

const missing: Label = { state: 'missing' };
const visible = (x: number, y: number): Label => ({ state: 'visible', x, y });

/** Middles of a path's circles, in pixels from the picture's edge. */
function middles(path: string): [number, number][] {
  return [...path.matchAll(/M(\S+) (\S+)a(\S+) /g)].map(([, x, y, radius]) => [
    Number(x) + Number(radius),
    Number(y),
  ]);
}

describe('the rings of a small face', () => {
  test('lie on the middles of pixels', () => {
    const [rings] = ringsOf(imageWith([visible(0, 0), missing, missing, visible(66.3, 39.1)]), sides);
    expect(middles(rings!.path)).toEqual([
      [0.5, 0.5],
      [66.8, 39.6],
    ]);
  });

  test('are one path for each colour and state', () => {
    const labels = [
      visible(1, 1),
      visible(2, 2),
      { state: 'absent' },
      { state: 'occluded', x: 4, y: 4 },
    ] as Label[];
    expect(ringsOf(imageWith(labels), sides).map(({ side, state }) => `${side} ${state}`)).toEqual([
      'left visible',
      'right visible',
      'left occluded',
    ]);
  });

  test('are none where nothing is placed', () => {
    expect(ringsOf(imageWith([missing, missing, missing, missing]), sides)).toEqual([]);
  });
});

describe('the label that stands out', () => {
  test('is circled', () => {
    const outlier = { keypoint: 1, pixels: 12, deviations: 7 };
    expect(middles(outlierPath(imageWith([missing, visible(30, 40)], outlier)))).toEqual([[30.5, 40.5]]);
  });

  test('is not there where nothing stands out, or where it was cleared meanwhile', () => {
    expect(outlierPath(imageWith([visible(30, 40)]))).toBe('');
    expect(outlierPath(imageWith([missing], { keypoint: 0, pixels: 12, deviations: 7 }))).toBe('');
  });
});

describe('where a run places the points', () => {
  const size = { width: 96, height: 96 };

  test('is a cross each, one path for a side, around the middle of the pixel', () => {
    const crosses = crossesOf(size, [{ x: 10, y: 20 }, { x: 30, y: 20 }, { x: 40, y: 20 }], ['left', 'right', 'left']); // prettier-ignore
    expect(crosses.map(({ side }) => side)).toEqual(['left', 'right']);
    expect(crosses[1]!.path).toBe('M28.9 18.9l3.2 3.2m0 -3.2l-3.2 3.2');
    expect(crosses[0]!.path.match(/M/g)).toHaveLength(2);
  });

  test('is joined to the label, where there is one', () => {
    const labels = [{ state: 'visible', x: 1, y: 2 }, { state: 'missing' }] as const;
    const placed = [
      { x: 3, y: 4 },
      { x: 5, y: 6 },
    ];
    expect(errorsPath({ labels: [...labels] }, placed)).toBe('M1.5 2.5L3.5 4.5');
  });
});
