/** How long it takes until one face is there with its prediction and the feature maps of a layer, on the drawn sample. `--json` prints one document. */
import { presetNames } from '../../src/ml/network/presets.ts';
import { percentile } from './percentiles.ts';
import { openSample } from './sample-workspace.ts';

const { client, close } = await openSample();
const { images } = await client.images.page({ limit: 60 });
for (const preset of presetNames) {
  await client.runs.start({ preset, epochs: 1, engine: 'onnx' });
  for await (const event of await client.runs.watch({ run: 'latest' })) void event;
}

const times: Record<string, { first: number; faces: number[] }> = {};
const seconds: Record<string, number> = {};
const firstLayer = { mlp: 'dense1', lenet5: 'conv1', default: 'conv1' };
async function face(preset: keyof typeof firstLayer, imageId: number): Promise<number> {
  const began = performance.now();
  const run = presetNames.indexOf(preset) + 1;
  await client.layers.face({ run, at: 'best', imageId, layer: firstLayer[preset] });
  return performance.now() - began;
}
for (const preset of presetNames) times[preset] = { first: await face(preset, images[0]!.id), faces: [] };
for (const { id } of images.slice(1))
  for (const preset of presetNames) times[preset]!.faces.push(await face(preset, id));
for (const [index, preset] of presetNames.entries()) {
  const began = performance.now();
  await client.layers.occlusion({ run: index + 1, at: 'best', imageId: images[0]!.id });
  seconds[`occlusion ${preset}`] = (performance.now() - began) / 1000;
  const begun = performance.now();
  for await (const event of await client.layers.excite({ run: index + 1, at: 'best' })) void event;
  seconds[`excitement ${preset}`] = (performance.now() - begun) / 1000;
}
await close();

const milliseconds = Object.fromEntries(
  Object.entries(times).map(([preset, { first, faces }]) => [
    preset,
    { first, median: percentile(faces, 0.5), p95: percentile(faces, 0.95) },
  ]),
);
if (process.argv.includes('--json')) console.log(JSON.stringify({ milliseconds, seconds }));
else {
  for (const [preset, { first, median, p95 }] of Object.entries(milliseconds))
    console.log(
      `${preset}: a face with its maps in ${median.toFixed(1)} ms (p95 ${p95.toFixed(1)}), the first one in ${first.toFixed(0)} ms`,
    );
  for (const [what, took] of Object.entries(seconds)) console.log(`${what}: ${took.toFixed(2)} s`);
}
