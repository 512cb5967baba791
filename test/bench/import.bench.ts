/**
 * Import of as many drawn faces as the competition has, beside pandas and numpy reading the same archive, in turns on
 * the same machine: as the competition's tutorials have it (np.fromstring into float64), which the target is about, and
 * in numpy's fastest form (uint8). Ours also checks, hashes, finds near duplicates and stores; theirs only reads.
 * `--json` prints one document. The archive is made once, in .bench/, which takes a minute.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSampleArchive } from '../../src/workspace/sample/sample.ts';
import { benchPython } from './python.ts';

const [training, test, rounds] = [7049, 1783, 3];

interface Measured {
  readonly pictures: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const folder = resolve(import.meta.dirname, '../../.bench');
const archive = join(folder, `sample-${training}-${test}.zip`);
mkdirSync(folder, { recursive: true });
if (!existsSync(archive)) {
  console.error(`Drawing ${training + test} faces ...`);
  await writeSampleArchive(archive, { training, test });
}

const importer = fileURLToPath(new URL('./import-once.ts', import.meta.url));
const python = benchPython(['pandas', 'numpy']);
const peer = join(import.meta.dirname, 'peers', 'pandas_import.py');
const runs = { fiducial: [] as Measured[], tutorial: [] as Measured[], fastest: [] as Measured[] };
for (let round = 0; round < rounds; round++) {
  runs.fiducial.push(measure(process.execPath, importer));
  runs.tutorial.push(measure(python, peer, 'float64'));
  runs.fastest.push(measure(python, peer, 'uint8'));
}

function measure(program: string, script: string, ...options: string[]): Measured {
  const output = execFileSync(program, [script, archive, ...options], { encoding: 'utf8' });
  const measured = JSON.parse(output) as Measured;
  if (measured.pictures !== training + test) throw new Error(`${script} read ${measured.pictures} pictures.`);
  return measured;
}

function summary(measured: readonly Measured[]) {
  const seconds = measured.map((one) => one.seconds).sort((a, b) => a - b);
  return {
    seconds: { min: seconds[0]!, median: seconds[seconds.length >> 1]!, max: seconds.at(-1)! },
    peakMegabytes: Math.max(...measured.map((one) => one.peakMegabytes)),
  };
}

const [fiducial, tutorial, fastest] = [summary(runs.fiducial), summary(runs.tutorial), summary(runs.fastest)];
const ratio = fiducial.seconds.median / tutorial.seconds.median;
const ratioToFastest = fiducial.seconds.median / fastest.seconds.median;
if (process.argv.includes('--json')) {
  const archiveBytes = statSync(archive).size;
  console.log(
    JSON.stringify({
      training,
      test,
      archiveBytes,
      rounds,
      fiducial,
      tutorial,
      fastest,
      ratio,
      ratioToFastest,
    }),
  );
} else {
  const names = { fiducial, 'pandas, numpy as float64': tutorial, 'pandas, numpy as uint8': fastest };
  for (const [name, { seconds, peakMegabytes }] of Object.entries(names))
    console.log(
      `${name.padEnd(25)} ${seconds.median.toFixed(2)} s (${seconds.min.toFixed(2)} to ${seconds.max.toFixed(2)}), ` +
        `at most ${Math.round(peakMegabytes)} MB`,
    );
  console.log(`ratio                     ${ratio.toFixed(2)} (target: at most 0.5, and at most 400 MB)`);
  console.log(`ratio to the fastest form ${ratioToFastest.toFixed(2)}`);
}
