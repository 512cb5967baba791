import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/domain/random.ts';
import { fitShape } from '../../src/domain/shape-fit.ts';
import { predictFromPlaced, strangeness } from '../../src/domain/shape-model.ts';

const size = { width: 96, height: 96 };
/** Two eyes, nose, mouth. */
const face = [66, 38, 30, 38, 48, 60, 48, 78];
const keypoints = face.length / 2;
const [leftEye, rightEye, nose, mouth] = [0, 1, 2, 3] as const;

/** Faces moved and grown as a whole, with noise of each point; in pixels. */
function drawFaces(count: number, noise = 1): Float32Array {
  const random = randomStream(11, count);
  const faces = new Float32Array(count * face.length);
  for (let i = 0; i < count; i++) {
    const [dx, dy, grown] = [4 * random.normal(), 4 * random.normal(), 1 + 0.1 * random.normal()];
    face.forEach((value, at) => {
      const middle = at % 2 === 0 ? 48 : 54;
      faces[i * face.length + at] =
        middle + grown * (value - middle) + (at % 2 === 0 ? dx : dy) + noise * random.normal();
    });
  }
  return faces;
}

const shares = (pixels: Float32Array) => pixels.map((value) => (value + 0.5) / 96);
const fitPixels = (pixels: Float32Array) => fitShape(shares(pixels), keypoints);

/** Without some of the keypoints. */
function without(points: ArrayLike<number>, ...hidden: number[]): Float64Array {
  const left = Float64Array.from(points);
  for (const k of hidden) left.fill(NaN, 2 * k, 2 * k + 2);
  return left;
}

const rmse = (values: number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

const places = fc.array(fc.double({ min: 0, max: 95, noNaN: true }), {
  minLength: face.length,
  maxLength: face.length,
});

describe('a prediction from the points that are placed', () => {
  test('follows the face as a whole', () => {
    const model = fitPixels(drawFaces(500, 0.1));
    const moved = face.map((value, at) => value + (at % 2 === 0 ? 10 : -6));
    const [guess] = predictFromPlaced(model, without(moved, leftEye), size);
    expect([guess!.x, guess!.y].map(Math.round)).toEqual([76, 32]);
  });

  test('is off by as much as it expects to be', () => {
    const model = fitPixels(drawFaces(500, 2));
    const others = drawFaces(400, 2);
    const [errors, expected]: number[][] = [[], []];
    for (let i = 0; i < 400; i++) {
      const points = others.subarray(i * face.length, (i + 1) * face.length);
      const guess = predictFromPlaced(model, without(points, mouth), size)[mouth]!;
      errors!.push(guess.x - points[2 * mouth]!, guess.y - points[2 * mouth + 1]!);
      expected!.push(guess.expectedError);
    }
    expect(rmse(errors!) / rmse(expected!)).toBeCloseTo(1, 0.9);
  });

  test('without any point placed is the mean face', () => {
    const model = fitPixels(drawFaces(500));
    const guesses = predictFromPlaced(model, new Float32Array(face.length).fill(NaN), size);
    guesses.forEach((guess, k) => {
      expect(Math.hypot(guess!.x - face[2 * k]!, guess!.y - face[2 * k + 1]!)).toBeLessThan(1.5);
    });
  });

  test('never becomes less certain when one more point is placed', () => {
    const model = fitPixels(drawFaces(200));
    fc.assert(
      fc.property(places, (points) => {
        const less = predictFromPlaced(model, without(points, leftEye, nose), size)[leftEye]!;
        const more = predictFromPlaced(model, without(points, leftEye), size)[leftEye]!;
        expect(more.expectedError).toBeLessThanOrEqual(less.expectedError + 1e-9);
      }),
    );
  });

  test('grows with the picture', () => {
    const model = fitPixels(drawFaces(200));
    const twice = Float64Array.from(face, (value) => 2 * (value + 0.5) - 0.5);
    const small = predictFromPlaced(model, without(face, nose), size)[nose]!;
    const large = predictFromPlaced(model, without(twice, nose), { width: 192, height: 192 })[nose]!;
    expect(large.x).toBeCloseTo(2 * (small.x + 0.5) - 0.5);
    expect(large.expectedError).toBeCloseTo(2 * small.expectedError);
  });

  test('says nothing of points that are placed', () => {
    expect(predictFromPlaced(fitPixels(drawFaces(9)), face, size)).toEqual([null, null, null, null]);
  });
});

describe('with few images', () => {
  test('none: nothing can be said', () => {
    const model = fitPixels(new Float32Array());
    expect(model.images).toBe(0);
    expect(predictFromPlaced(model, without(face, nose), size)).toEqual([null, null, null, null]);
    expect(strangeness(model, face, size)).toEqual([null, null, null, null]);
  });

  test('one: its face, moved to the points that are placed', () => {
    const model = fitPixels(Float32Array.from(face));
    const moved = face.map((value, at) => value + (at % 2 === 0 ? 8 : 0));
    const guess = predictFromPlaced(model, without(moved, mouth), size)[mouth]!;
    expect(Math.hypot(guess.x - 56, guess.y - 78)).toBeLessThan(1);
  });

  test('five: finite, and of use', () => {
    const model = fitPixels(drawFaces(5));
    const guess = predictFromPlaced(model, without(face, mouth), size)[mouth]!;
    expect(Math.hypot(guess.x - 48, guess.y - 78)).toBeLessThan(4);
  });

  test('a keypoint that was never placed is not guessed, the others are', () => {
    const faces = drawFaces(50);
    for (let i = 0; i < 50; i++) faces.fill(NaN, i * face.length + 2 * nose, i * face.length + 2 * nose + 2);
    const guesses = predictFromPlaced(fitPixels(faces), without(face, nose, mouth), size);
    expect(guesses.map((guess) => guess !== null)).toEqual([false, false, false, true]);
  });
});

test('where no label is missing, the mean is that of the images', () => {
  const faces = drawFaces(100);
  const { mean, images } = fitPixels(faces);
  expect(images).toBe(100);
  Array.from(mean).forEach((share, i) => {
    const values = Array.from({ length: 100 }, (_, image) => faces[image * face.length + i]! + 0.5);
    expect(share * 96).toBeCloseTo(values.reduce((sum, value) => sum + value) / 100, 4);
  });
});

describe('where labels are missing', () => {
  test('the fit is near that to all labels', () => {
    const faces = drawFaces(2000);
    const whole = fitPixels(faces);
    const random = randomStream(4);
    for (let i = 0; i < 2000; i++)
      for (const k of random.uniform() < 0.7 ? [nose, mouth] : [])
        faces.fill(NaN, i * face.length + 2 * k, i * face.length + 2 * k + 2);
    const partial = fitPixels(faces);
    const of = (model: typeof whole) => predictFromPlaced(model, without(face, mouth), size)[mouth]!;
    expect(of(partial).x).toBeCloseTo(of(whole).x, 0.5);
    expect(of(partial).y).toBeCloseTo(of(whole).y, 0.5);
    expect(of(partial).expectedError / of(whole).expectedError).toBeCloseTo(1, 0.7);
  });

  test('images without any label count for nothing', () => {
    const faces = drawFaces(20);
    const padded = new Float32Array(2 * faces.length).fill(NaN);
    padded.set(faces);
    expect(fitPixels(padded)).toEqual(fitPixels(faces));
  });
});

describe('strangeness', () => {
  test('is the distance from what all the others predict', () => {
    const model = fitPixels(drawFaces(300));
    fc.assert(
      fc.property(places, (points) => {
        strangeness(model, points, size).forEach((strange, k) => {
          const guess = predictFromPlaced(model, without(points, k), size)[k]!;
          const distance = Math.hypot(guess.x - points[2 * k]!, guess.y - points[2 * k + 1]!);
          expect(strange!.pixels).toBeCloseTo(distance, 6);
        });
      }),
    );
  });

  test('is largest, in deviations, where one point is misplaced', () => {
    const model = fitPixels(drawFaces(300));
    const wrong = Float64Array.from(face);
    wrong[2 * nose]! += 15;
    const deviations = strangeness(model, wrong, size).map((strange) => strange!.deviations);
    expect(deviations.indexOf(Math.max(...deviations))).toBe(nose);
    expect(deviations[nose]).toBeGreaterThan(6);
  });

  test('is nothing for a point alone', () => {
    const model = fitPixels(drawFaces(9));
    expect(strangeness(model, without(face, leftEye, nose, mouth), size)[rightEye]).toBeNull();
  });
});

test('images that are plainly wrong are set aside', () => {
  const faces = drawFaces(400);
  const clean = fitPixels(faces);
  for (let i = 0; i < 8; i++) {
    const [left, right] = [i * 50 * face.length, i * 50 * face.length + 2];
    const eye = faces.slice(left, left + 2);
    faces.copyWithin(left, right, right + 2).set(eye, right);
  }
  const spoilt = fitPixels(faces);
  expect(spoilt.images).toBe(392);
  const expectedError = (model: typeof clean) =>
    predictFromPlaced(model, without(face, leftEye), size)[leftEye]!.expectedError;
  expect(expectedError(spoilt) / expectedError(clean)).toBeCloseTo(1, 0.9);
});
