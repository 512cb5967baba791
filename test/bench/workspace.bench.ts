/** What a workspace costs at the competition's size and at 100,000 images of 96 x 96. `--json` prints one document. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream } from '../../src/domain/random.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { percentile } from './percentiles.ts';
import { drawPicture, side } from './pictures.ts';

const keypoints = 15;
const random = randomStream(1);

function* everyCell(imageIds: readonly number[], x: number) {
  for (const imageId of imageIds)
    for (let keypoint = 0; keypoint < keypoints; keypoint++)
      yield { imageId, keypoint, after: { state: 'visible' as const, x: x + keypoint / 10, y: 48.25 } };
}

function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function measure(images: number): Record<string, number> {
  const directory = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  try {
    let workspace = Workspace.open(directory, { create: true });
    let drawing = 0;
    const adding = milliseconds(() => {
      workspace.transaction(() => {
        for (let i = 0; i < images; i++) {
          let pixels = new Uint8Array();
          drawing += milliseconds(() => (pixels = drawPicture(random) as Uint8Array<ArrayBuffer>));
          workspace.images.add({ width: side, height: side, pixels });
        }
      });
    });
    const ids = workspace.images.ids();
    const importer = { kind: 'import', name: '1' } as const;
    const labelling = milliseconds(() =>
      workspace.journal.apply({ actor: importer, changes: everyCell(ids, 40) }),
    );
    const points = milliseconds(() => workspace.labels.points(ids));
    let snapshot = '';
    const taking = milliseconds(() => (snapshot = workspace.snapshots.take().id));
    const frozenPoints = milliseconds(() => workspace.snapshots.points(snapshot, ids));
    const states = milliseconds(() => workspace.labels.states(Int32Array.from(ids)));
    const oneMore = milliseconds(() =>
      workspace.images.add({ width: side, height: side, pixels: drawPicture(random) }),
    );
    const edits = ids.slice(0, 500).map((imageId, i) =>
      milliseconds(() => {
        const after = { state: 'visible', x: i, y: i } as const;
        workspace.journal.apply({
          actor: { kind: 'human', name: 'ana' },
          changes: [{ imageId, keypoint: 3, after }],
        });
      }),
    );
    const undos = edits.map(() =>
      milliseconds(() => workspace.journal.undo({ actor: { kind: 'human', name: 'ana' } })),
    );
    workspace.close();
    const opening = milliseconds(() => (workspace = Workspace.open(directory)));
    workspace.close();
    return {
      images,
      'add and group all images, ms': adding - drawing,
      'label all cells in one change, ms': labelling,
      'points of all images, ms': points,
      'take a snapshot, ms': taking,
      'points of a snapshot, ms': frozenPoints,
      'states of all cells, ms': states,
      'add one more image, ms': oneMore,
      'acknowledged edit p50, ms': percentile(edits, 0.5),
      'acknowledged edit p95, ms': percentile(edits, 0.95),
      'undo p50, ms': percentile(undos, 0.5),
      'undo p95, ms': percentile(undos, 0.95),
      'open, ms': opening,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const results = [8_832, 100_000].map(measure);
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else
  for (const name of Object.keys(results[0]!))
    console.log(
      name.padEnd(36),
      ...results.map((result) => result[name]!.toFixed(name === 'images' ? 0 : 1).padStart(10)),
    );
