/** How long augmented samples take to be shown, on the drawn sample. `--json` prints one document. */
import { presetRecipes } from '../../src/ml/training/recipe.ts';
import { percentile } from './percentiles.ts';
import { openSample } from './sample-workspace.ts';

const { client, close } = await openSample();
const { images } = await client.images.page({ limit: 100 });
const ids = images.map(({ id }) => id);
const { augmentation } = presetRecipes.default;

async function measure(imageIds: number[], variants: number): Promise<number> {
  const times: number[] = [];
  for (let seed = 0; seed < 5; seed++) {
    const began = performance.now();
    await client.augmentation.samples({ augmentation, seed, imageIds, variants });
    times.push(performance.now() - began);
  }
  return percentile(times, 0.5);
}

const milliseconds = {
  thousand: await measure(ids, Math.ceil(1000 / ids.length)),
  forty: await measure(ids.slice(0, 10), 4),
};
await close();

if (process.argv.includes('--json')) console.log(JSON.stringify(milliseconds));
else
  console.log(
    `1,000 samples in ${milliseconds.thousand.toFixed(0)} ms, 40 in ${milliseconds.forty.toFixed(0)} ms`,
  );
