import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mirrorFromPlaced } from '../../src/domain/mirror.ts';
import { ProposalTrial } from '../../src/domain/shape-errors.ts';
import { fitShape } from '../../src/domain/shape-fit.ts';

/** Two eyes, two corners of the mouth, nose, chin: symmetric about x = 48. */
const face = [66, 38, 30, 38, 60, 75, 36, 75, 48, 60, 48, 90];
const permutation = [1, 0, 3, 2, 4, 5];
const [leftEye, rightEye, leftCorner, rightCorner, nose, chin] = [0, 1, 2, 3, 4, 5] as const;

function turn(points: readonly number[], angle: number, dx = 0, dy = 0): number[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return points.map((value, i) => {
    const other = points[i ^ 1]!;
    return i & 1 ? sin * other + cos * value + dy : cos * value - sin * other + dx;
  });
}

function without(points: readonly number[], ...hidden: number[]): Float64Array {
  const left = Float64Array.from(points);
  for (const k of hidden) left.fill(NaN, 2 * k, 2 * k + 2);
  return left;
}

describe('a mirrored proposal', () => {
  test.each([
    ['from pairs and middle points', []],
    ['from one pair', [leftCorner, rightCorner, nose, chin]],
    ['from two middle points', [leftCorner, rightCorner]],
  ])('is where the symmetric face has the point, however it is turned: %s', (_name, hidden) => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        (angle, dx) => {
          const turned = turn(face, angle, dx, -dx);
          const hiddenCorner = hidden.length === 4 ? [...hidden] : [...hidden, leftEye];
          const points = without(turned, ...hiddenCorner.filter((k) => k !== rightCorner));
          const sought = hidden.length === 4 ? leftCorner : leftEye;
          points[2 * rightCorner] = turned[2 * rightCorner]!;
          points[2 * rightCorner + 1] = turned[2 * rightCorner + 1]!;
          const proposed = mirrorFromPlaced(points, permutation)[sought]!;
          expect(proposed.x).toBeCloseTo(turned[2 * sought]!, 6);
          expect(proposed.y).toBeCloseTo(turned[2 * sought + 1]!, 6);
        },
      ),
    );
  });

  test('of one middle point alone goes by an upright axis', () => {
    const points = without(face, leftEye, leftCorner, rightCorner, chin);
    expect(mirrorFromPlaced(points, permutation)[leftEye]).toEqual({ x: 66, y: 38 });
  });

  test('is none where the partner is missing, is the point itself, or nothing tells of the axis', () => {
    const noPartner = mirrorFromPlaced(without(face, leftEye, rightEye, nose), permutation);
    expect(noPartner).toEqual([null, null, null, null, null, null]);
    const eyeAlone = without(face, leftEye, leftCorner, rightCorner, nose, chin);
    expect(mirrorFromPlaced(eyeAlone, permutation)[leftEye]).toBeNull();
  });

  test('is none for a point that is placed', () => {
    expect(mirrorFromPlaced(face, permutation)).toEqual([null, null, null, null, null, null]);
  });
});

describe('the errors of proposals', () => {
  const size = { width: 96, height: 96 };

  test('are measured with each label taken away', () => {
    const faces = [0, 0.1, -0.1, 0.2].map((angle) => turn(face, angle));
    const crooked = face.with(2 * leftEye, 68); // 2 px to the left, in one of five
    const images = [...faces, crooked].map((points) => ({ points, size }));
    const model = fitShape(
      Float32Array.from(
        images.flatMap(({ points }) => points),
        (value) => (value + 0.5) / 96,
      ),
      6,
    );
    const trial = new ProposalTrial(model, permutation);
    for (const { points, size } of images) trial.add(points, size);
    const { mirror, shape } = trial.errors();
    expect(mirror[leftEye]).toBeCloseTo(Math.sqrt(2 ** 2 / 10), 6);
    expect(mirror[nose]).toBeNull();
    expect(shape.every((error) => error! > 0 && error! < 5)).toBe(true);
  });

  test('are unknown where there are no labels', () => {
    const { mirror, shape } = new ProposalTrial(fitShape(new Float32Array(), 6), permutation).errors();
    expect([...mirror, ...shape].every((error) => error === null)).toBe(true);
  });
});
