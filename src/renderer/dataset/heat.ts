/** The picture of where labels lie: the mean face, and over it the more colour the more labels. */
import { viridis } from '../faces/scale.ts';

/** Share of the most frequent cell, 0 to 1, cell by cell. @param keypoints one grid of counts each; every one counts as much */
export function heatShares(keypoints: readonly (readonly number[])[]): number[] {
  const shares = new Array<number>(keypoints[0]?.length ?? 0).fill(0);
  for (const counts of keypoints) {
    const most = Math.max(1, ...counts);
    counts.forEach((count, cell) => (shares[cell] = Math.max(shares[cell]!, count / most)));
  }
  return shares;
}

/** RGBA: nothing is transparent, and little is faint. */
export function heatPixels(shares: readonly number[]): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * shares.length);
  shares.forEach((share, cell) => {
    if (share === 0) return;
    pixels.set([...viridis(share), 255 * Math.min(1, 0.35 + 0.65 * share)], 4 * cell);
  });
  return pixels;
}
