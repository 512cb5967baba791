/** One picture file, end to end in the service: decoded, normalised, predicted with its mirror image, in its own pixels. */
import { join } from 'node:path';
import sharp from 'sharp';
import { randomStream } from '../../src/domain/random.ts';
import { figure, type Figure } from './figures.ts';
import { percentile } from './percentiles.ts';
import { drawPicture, side } from './pictures.ts';
import { openSample } from './sample-workspace.ts';

const presets = ['lenet5', 'default'] as const;
const pictures = 60;

/** Milliseconds; the first pictures of each network, which have it loaded, are left out. */
export async function oneImage(rounds: number): Promise<Figure[]> {
  const { client, directory, close } = await openSample();
  const files: string[] = [];
  for (let number = 0; number < pictures; number++) {
    const file = join(directory, `picture-${number}.png`);
    const raw = { width: side, height: side, channels: 1 } as const;
    await sharp(drawPicture(randomStream(number)), { raw })
      .png()
      .toFile(file);
    files.push(file);
  }
  for (const preset of presets) {
    await client.runs.start({ preset, epochs: 1, engine: 'onnx' });
    for await (const event of await client.runs.watch({ run: 'latest' })) void event;
  }
  const p95 = { lenet5: [] as number[], default: [] as number[] };
  for (let round = 0; round < rounds; round++)
    for (const [index, preset] of presets.entries()) {
      const times: number[] = [];
      for (const file of files) {
        const began = performance.now();
        await client.predict({ run: index + 1, images: [file] });
        times.push(performance.now() - began);
      }
      p95[preset].push(percentile(times.slice(5), 0.95));
    }
  await close();
  return presets.map((preset) =>
    figure(`${preset}: one image in the service, p95 ms`, { atMost: 15 }, p95[preset]),
  );
}
