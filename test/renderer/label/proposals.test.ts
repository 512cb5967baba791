import { describe, expect, test } from 'vitest';
import type { EditorImage } from '../../../src/contract/images.ts';
import type { Label } from '../../../src/domain/label.ts';
import { isPlaced, missing } from '../../../src/domain/label.ts';
import { face15 } from '../../../src/domain/schema.ts';
import { proposalsFor, Rejections } from '../../../src/renderer/label/proposals.ts';
import { drawnFace, fittedShape, keypoint, side } from '../../fixtures/faces.ts';

const [eye, other, nose] = [keypoint('left_eye_center'), keypoint('right_eye_center'), keypoint('nose_tip')];
const each = <T>(value: T) => face15.keypoints.map(() => value);
const { mean, covariance, placed, images } = fittedShape();
const shape = {
  images,
  placed: Array.from(placed),
  mean: Array.from(mean),
  covariance: Array.from(covariance),
  shapeErrors: each(1),
  mirrorErrors: each<number | null>(null),
};
const mirrored = { ...shape, mirrorErrors: each(0.01) };

/** @param error of a model's prediction, everywhere at (10, 20); without one there is no prediction */
function image(error?: number | null): EditorImage {
  const points = each({ x: 10, y: 20, expectedError: error ?? null, within: null });
  return {
    id: 1,
    sha256: '',
    width: side,
    height: side,
    duplicateGroup: null,
    labels: [],
    outlier: null,
    rows: [],
    authors: [],
    disputed: [],
    duplicates: [],
    companions: [],
    prediction: error === undefined ? null : { runId: 7, points },
  };
}

const propose = (
  labels: readonly Label[],
  { model = shape, of = image(), rejected = new Rejections() } = {},
) => proposalsFor(face15, model, of, labels, rejected);
const without = (...keypoints: number[]) =>
  drawnFace(0).map((label, k) => (keypoints.includes(k) ? missing : label));

test('only missing points have a proposal', () => {
  const proposals = propose(without(eye).with(nose, { state: 'absent' }));
  expect(proposals.flatMap((proposal, k) => (proposal ? [k] : []))).toEqual([eye]);
});

test('without any point the shape proposes where points usually are', () => {
  const proposals = propose(each(missing));
  expect(proposals[eye]).toMatchObject({ author: { kind: 'shape', name: String(shape.images) } });
  expect(proposals[eye]!.x).toBeCloseTo(66, -0.5);
  expect(proposals[eye]!.y).toBeCloseTo(38, -0.5);
});

test('the shape knows better the more points there are, and says so', () => {
  const few = propose(face15.keypoints.map((_, k) => (k === other ? drawnFace(0)[k]! : missing)))[eye]!;
  const many = propose(without(eye))[eye]!;
  expect(many.expectedError).toBeLessThan(few.expectedError);
  expect(many.expectedError).toBeLessThan(1);
});

test('the error that is said is the one that is made', () => {
  let [squares, said] = [0, 0];
  for (let i = 0; i < 200; i++) {
    const face = drawnFace(i);
    const truth = face[eye]!;
    const proposal = propose(face.with(eye, missing))[eye]!;
    if (!isPlaced(truth)) continue;
    squares += ((proposal.x - truth.x) ** 2 + (proposal.y - truth.y) ** 2) / 2;
    said += proposal.expectedError ** 2;
  }
  expect(Math.sqrt(squares / said)).toBeCloseTo(1, 0.4);
});

describe('of several proposals the model’s counts, or else the one with the least expected error', () => {
  test('a good model before the shape', () => {
    expect(propose(without(eye), { of: image(0.05) })[eye]).toEqual({
      keypoint: eye,
      x: 10,
      y: 20,
      expectedError: 0.05,
      within: null,
      author: { kind: 'model-run', name: '7' },
    });
  });

  test('a model before a shape that is a little better', () => {
    const { expectedError } = propose(without(eye))[eye]!;
    const kind = (error: number) => propose(without(eye), { of: image(error) })[eye]!.author.kind;
    expect([kind(1.9 * expectedError), kind(2.1 * expectedError)]).toEqual(['model-run', 'shape']);
  });

  test('the shape before a poor model', () => {
    expect(propose(without(eye), { of: image(20) })[eye]!.author.kind).toBe('shape');
  });

  test('the other half where it is measured to be best', () => {
    expect(propose(without(eye), { model: mirrored })[eye]).toMatchObject({
      expectedError: 0.01,
      author: { kind: 'mirror', name: 'right_eye_center' },
    });
  });

  test('but not a model whose error nobody knows', () => {
    expect(propose(without(eye), { of: image(null) })[eye]!.author.kind).toBe('shape');
  });
});

test('a proposal that is rejected makes room for the next best one, and at last for none', () => {
  const rejected = new Rejections();
  const options = { model: mirrored, of: image(0.005), rejected };
  const kinds = [];
  for (let proposal; (proposal = propose(without(eye), options)[eye]);) {
    kinds.push(proposal.author.kind);
    rejected.add(1, proposal);
  }
  expect(kinds).toEqual(['model-run', 'mirror', 'shape']);
});

test('a proposal that is rejected in one image is made in others', () => {
  const rejected = new Rejections();
  rejected.add(2, propose(without(eye))[eye]!);
  expect(propose(without(eye), { rejected })[eye]).toBeDefined();
});
