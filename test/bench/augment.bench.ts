/** Images a second that one thread augments at 96x96 with every change on. `--json` prints one document. */
import { randomStream } from '../../src/domain/random.ts';
import { face15, mirrorPermutation } from '../../src/domain/schema.ts';
import { augment } from '../../src/ml/augment/augment.ts';
import { changePixelsIn, compilePixelKernel } from '../../src/ml/augment/pixel-kernel.ts';
import { everyChange } from './every-change.ts';

const input = { width: 96, height: 96 };
const settings = {
  input,
  normalisation: 'standardise',
  permutation: mirrorPermutation(face15),
  augmentation: everyChange,
} as const;
const samples = 2000;
const pixels = Uint8Array.from({ length: 96 * 96 }, (_, i) => (i * 31) % 256);
const points = new Float32Array(2 * face15.keypoints.length).fill(48);
const picture = new Float32Array(pixels.length);
const moved = new Float32Array(points.length);
const change = await changePixelsIn(await compilePixelKernel(), input);

const rates: number[] = [];
for (let round = 0; round < 6; round++) {
  const start = performance.now();
  for (let sample = 0; sample < samples; sample++)
    augment(pixels, points, settings, randomStream(1, round, sample), picture, moved, change);
  if (round > 0) rates.push((1000 * samples) / (performance.now() - start));
}
rates.sort((a, b) => a - b);
const [least, median] = [Math.round(rates[0]!), Math.round(rates[2]!)];

if (process.argv.includes('--json')) console.log(JSON.stringify({ imagesPerSecond: median, least }));
else console.log(`${median} images/s on one thread (least of five rounds ${least})`);
