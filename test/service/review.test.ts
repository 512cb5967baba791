import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { splitFile } from '../../src/ml/training/split-file.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { leftEye, nose, rightEye, threePoints } from '../workspace/scratch.ts';
import { change, openScratchService, pictures, visible } from './scratch-service.ts';

/** Of pictures of 4 x 4 pixels: an error of one pixel is one of 24 at the network's input. */
const scale = 24;
const images = 30;
const places = [3, 1, 1, 1, 2, 2];

/**
 * Images 1 to 30, labelled alike but for 28, which has no label, and 29, which the run has said nothing of. The run is
 * off to the right by 0.01 px for each of the image's number, with passes the farther apart the smaller the number.
 */
function fill(workspace: Workspace) {
  pictures(images)(workspace);
  const { journal, runs, predictions, snapshots } = workspace;
  const ids = Array.from({ length: images }, (_, i) => i + 1);
  journal.apply({
    actor: { kind: 'import', name: '1' },
    changes: ids
      .filter((id) => id !== 28)
      .flatMap(
        (imageId) =>
        threePoints.keypoints.map((_, keypoint) => ({ imageId, keypoint, after: visible(places[2 * keypoint]!, places[2 * keypoint + 1]!) })), // prettier-ignore
      ),
  });
  const run = runs.create({ engine: 'onnx', preset: 'mlp', seed: 1, snapshotId: snapshots.take().id, config: {}, lineage: {} }); // prettier-ignore
  runs.update(run.id, { status: 'finished', metrics: { validation: null } });
  const directory = runs.directoryOf(run);
  mkdirSync(directory, { recursive: true });
  const split = { imageIds: ids, training: [0, 1, 2], validation: [3], groups: ids };
  writeFileSync(join(directory, splitFile), JSON.stringify(split));
  const said = ids.filter((id) => id !== 29);
  predictions.put(
    run.id,
    said,
    Float32Array.from(said.flatMap((id) => places.map((place, i) => (i % 2 ? place : place + id / 100)))),
    Float32Array.from(said.flatMap((id) => [1 / id, 1 / id, 1 / id])),
  );
}

const review = () => openScratchService(fill).client.review;

describe('the order', () => {
  test('puts the largest error first, and images without labels last', async () => {
    const { ids, unplaced } = await review().order({ run: 1 });
    expect(ids).toEqual([30, ...Array.from({ length: 27 }, (_, i) => 27 - i), 28]);
    expect(unplaced).toBe(1);
  });

  test('by disagreement puts those first whose passes are farthest apart', async () => {
    const { ids } = await review().order({ run: 1, order: 'disagreement' });
    expect(ids.slice(0, 3)).toEqual([1, 2, 3]);
  });

  test('can go by one keypoint, and backwards', async () => {
    const service = openScratchService(fill);
    const after = visible(0.5, 2);
    await service.client.labels.apply({ changes: [change(4, nose, after, visible(2, 2))] });
    expect((await service.client.review.order({ run: 1, keypoint: nose })).ids[0]).toBe(4);
    expect((await service.client.review.order({ run: 1, keypoint: leftEye, reversed: true })).ids[0]).toBe(1);
  });

  test('is of the images that the filter asks for', async () => {
    expect((await review().order({ run: 1, filter: { text: '30' } })).ids).toEqual([30]);
  });
});

test('images come with what the run says, how sure it is, and whether it has learned from them', async () => {
  const found = await review().images({ run: 1, ids: [4, 2, 29] });
  expect(found.map(({ id }) => id)).toEqual([4, 2]);
  expect(found.map(({ held }) => held)).toEqual(['unseen', 'training']);
  expect(found[0]!.placed[rightEye]!.x).toBeCloseTo(1.04);
  expect(found[0]!.spread).toEqual([0.25, 0.25, 0.25]);
});

describe('the summary', () => {
  test('tells bias and spread of every keypoint, from label to prediction, in pixels of the input', async () => {
    const { keypoints, images: judged, rmse } = await review().summary({ run: 1 });
    expect(judged).toBe(28);
    const offs = Array.from({ length: 27 }, (_, i) => (i + 1) / 100).concat(0.3);
    const mean = offs.reduce((sum, off) => sum + off) / offs.length;
    for (const { bias, labels, place } of keypoints) {
      expect(labels).toBe(28);
      expect(bias!.x).toBeCloseTo(mean * scale, 4);
      expect(bias!.y).toBeCloseTo(0, 5);
      expect(place!.y).toBeGreaterThan(0);
    }
    const squares = offs.reduce((sum, off) => sum + (off * scale) ** 2, 0) / offs.length;
    expect(rmse).toBeCloseTo(Math.sqrt(squares / 2), 4);
  });

  test('names the images where the sides fit better the other way round', async () => {
    const service = openScratchService(fill);
    const [l, r] = [visible(3, 1), visible(1, 1)];
    await service.client.labels.apply({ changes: [change(6, leftEye, r, l), change(6, rightEye, l, r)] });
    const { sides } = await service.client.review.summary({ run: 1 });
    expect(sides).toEqual([{ keypoints: [leftEye, rightEye], images: 28, swapped: [6] }]);
  });

  test('counts how many points are within so many pixels, beside people where they have labelled twice', async () => {
    const service = openScratchService((workspace) => {
      fill(workspace);
      workspace.relabels.add({ person: 'ana', imageId: 1, keypoint: nose, x: 2, y: 2.5, label: { x: 2, y: 2 }, author: undefined }); // prettier-ignore
    });
    const { cumulative, floor } = await service.client.review.summary({ run: 1 });
    expect(cumulative.find(({ pixels }) => pixels === 0.25)!.share).toBeCloseTo(1 / 28);
    expect(cumulative.at(-1)).toEqual({ pixels: 10, share: 1 });
    expect(floor).toMatchObject({ answers: 1 });
    expect(floor!.rmse).toBeCloseTo((0.5 * scale) / Math.sqrt(2));
  });

  test('deals the images into fifths by what a picture is like', async () => {
    const { factors } = await review().summary({ run: 1 });
    expect(factors.map(({ name }) => name)).toEqual(['sharpness', 'brightness', 'turn', 'tilt']);
    for (const { bins } of factors) {
      expect(bins.reduce((sum, bin) => sum + bin.images, 0)).toBe(28);
      expect(bins.map(({ low }) => low)).toEqual(bins.map(({ low }) => low).toSorted((a, b) => a - b));
    }
  });
});
