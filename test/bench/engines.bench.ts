/**
 * How fast training and prediction are: every figure with its target, in three interleaved rounds, in about 20 minutes
 * on two cores (the first time a few more, which the drawing of faces takes). `--json` prints one document. Run by
 * itself it takes the names of the parts wanted: race (the engines beside Keras and PyTorch), image (one picture in the
 * service), growth (from 3,000 to 30,000 images), data (the data path, and a run's costs beside its engine).
 */
import { cpus } from 'node:os';
import { dataPath } from './data-path.ts';
import { raceEngines } from './engine-race.ts';
import { type Figure, lineOf } from './figures.ts';
import { growth } from './growth.ts';
import { oneImage } from './one-image.ts';

const rounds = 3;
const parts: Record<string, () => Promise<{ figures: Figure[]; details?: object }>> = {
  race: () => raceEngines(rounds),
  image: async () => ({ figures: await oneImage(rounds) }),
  growth: () => growth(rounds),
  data: () => dataPath(rounds),
};
const options = process.argv.slice(2);
const wanted = options.filter((option) => option in parts);
const isJson = options.includes('--json');

const figures: Figure[] = [];
const details: Record<string, object> = {};
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const began = performance.now();
  const found = await measure();
  figures.push(...found.figures);
  details[name] = { seconds: (performance.now() - began) / 1000, ...found.details };
  if (!isJson) for (const figure of found.figures) console.log(lineOf(figure));
}
if (isJson) console.log(JSON.stringify({ processor: cpus()[0]?.model, rounds, figures, ...details }));
