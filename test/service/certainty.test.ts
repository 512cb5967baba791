/** How sure a run says it is, wherever its places are shown. Pictures are 4 pixels wide, networks read 96. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Uncertainty } from '../../src/ml/evaluation/uncertainty.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { nose, scratchDirectory } from '../workspace/scratch.ts';
import { openScratchService, pictures } from './scratch-service.ts';

const scale = 24;
const uncertainty: Uncertainty = {
  usual: [24, 24, 48],
  weight: 1,
  curve: [
    { expected: 24, radius: 48 },
    { expected: 96, radius: 240 },
  ],
  coverage: [{ radius: null, places: 300, within: 0.9 }],
};

/** A finished run that has spoken of two images: of the second one's nose it is unsure. */
function fill(workspace: Workspace): void {
  pictures(2)(workspace);
  const test = workspace.sources.add({ importId: workspace.imports.begin('faces'), kind: 'test', fileName: 'test.csv' }); // prettier-ignore
  for (const [row, imageId] of [2, 1].entries())
    workspace.sources.addRow(test, { row, imageId, imageKey: `key-${imageId}` });
  const run = workspace.runs.create({ engine: 'onnx', preset: 'mlp', seed: 1, snapshotId: workspace.snapshots.take().id, config: {}, lineage: {} }); // prettier-ignore
  const validation = { perKeypoint: { left_eye: 17, right_eye: null, nose: 34 } };
  workspace.runs.update(run.id, { status: 'finished', metrics: { validation, uncertainty } });
  const spread = Float32Array.of(0, 0, 0, 0, 0, Math.sqrt(96 ** 2 - 48 ** 2) / scale);
  workspace.predictions.put(
    run.id,
    [1, 2],
    Float32Array.from({ length: 12 }, (_, i) => i / 4),
    spread,
  );
}

test('a place has its radius in pixels of its picture, and none where no validation image has the keypoint', async () => {
  const { client } = openScratchService(fill);
  const [first, second] = await client.images.get({ ids: [1, 2] });
  const within = (image: typeof first) => image!.prediction!.points.map(({ within }) => within);
  expect(within(first)).toEqual([48 / scale, null, (48 + 192 / 3) / scale]);
  expect(within(second)![nose]).toBeCloseTo(240 / scale, 4);
  expect(second!.prediction!.points[nose]!.expectedError).toBeCloseTo(96 / Math.SQRT2 / scale, 4);
});

test('the table of predictions has a row for each keypoint of each test row, in the order of the table', async () => {
  const { client } = openScratchService(fill);
  const out = join(scratchDirectory(), 'predictions.csv');
  expect(await client.exports.predictions({ run: 1, out })).toMatchObject({ rows: 6, runId: 1, path: out });
  expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toEqual([
    'ImageId,keypoint,x,y,expectedError,within',
    'key-2,left_eye,1.500,1.750,0.707,2.000',
    'key-2,right_eye,2.000,2.250,,',
    'key-2,nose,2.500,2.750,2.828,10.000',
    'key-1,left_eye,0.000,0.250,0.707,2.000',
    'key-1,right_eye,0.500,0.750,,',
    'key-1,nose,1.000,1.250,1.414,4.667',
  ]);
});

test('a run that has not spoken of a test image leaves no table', async () => {
  const { client } = openScratchService((workspace) => {
    fill(workspace);
    workspace.runs.create({ engine: 'onnx', preset: 'mlp', seed: 1, snapshotId: workspace.snapshots.take().id, config: {}, lineage: {} }); // prettier-ignore
    workspace.runs.update(2, { status: 'finished', metrics: {} });
  });
  const out = join(scratchDirectory(), 'predictions.csv');
  await expect(client.exports.predictions({ run: 2, out })).rejects.toThrow(
    'said nothing of test image key-2',
  );
});
