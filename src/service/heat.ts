/** Where labels lie, and what the faces look like on average. */
import { setImmediate } from 'node:timers/promises';
import type { WorkspaceHolder } from './holder.ts';
import type { Matching } from './selections.ts';

/** Cells of the grid, across and down the picture. */
const side = 48;
/** Of the mean face, in pixels. */
const faceSide = 96;
const mostFaces = 2000;
/** Images and pictures in one step, in which nothing else goes on. */
const placesInStep = 2000;
const picturesInStep = 25;

/**
 * @param matching with a catalogue that is whole
 * @throws the signal's reason when it is aborted
 */
export async function heatOf(
  holder: WorkspaceHolder,
  { catalogue, rows }: Matching,
  signal: AbortSignal | undefined,
) {
  const giveWay = async () => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  const selected = Array.from(rows.keys()).filter((row) => rows[row] === 1);
  const keypoints = Array.from({ length: catalogue.keypoints }, () => new Array<number>(side * side).fill(0));
  for (const [i, row] of selected.entries()) {
    if (i % placesInStep === placesInStep - 1) await giveWay();
    const points = catalogue.pointsOf(row);
    const { width, height } = catalogue.sizeOf(row);
    for (const [k, counts] of keypoints.entries()) {
      const column = Math.floor(((points[2 * k]! + 0.5) / width) * side);
      const line = Math.floor(((points[2 * k + 1]! + 0.5) / height) * side);
      if (column >= 0 && column < side && line >= 0 && line < side) counts[line * side + column]!++;
    }
  }

  const images = Math.min(selected.length, mostFaces);
  const sums = new Float64Array(faceSide * faceSide);
  for (let i = 0; i < images; i++) {
    if (i % picturesInStep === picturesInStep - 1) await giveWay();
    const row = selected[Math.floor((i * selected.length) / images)]!;
    const pixels = holder.read().images.pixels(catalogue.ids[row]!);
    const { width, height } = catalogue.sizeOf(row);
    for (let y = 0; y < faceSide; y++) {
      const start = Math.floor(((y + 0.5) / faceSide) * height) * width;
      for (let x = 0; x < faceSide; x++)
        sums[y * faceSide + x]! += pixels[start + Math.floor(((x + 0.5) / faceSide) * width)]!;
    }
  }
  const pixels = Array.from(sums, (sum) => Math.round(sum / Math.max(1, images)));
  return {
    columns: side,
    rows: side,
    keypoints,
    face: { width: faceSide, height: faceSide, pixels, images },
  };
}
