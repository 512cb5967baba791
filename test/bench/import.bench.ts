/**
 * Import of as many drawn faces as the competition has, beside pandas and numpy reading the same archive, in turns on
 * the same machine. Ours also checks, hashes, finds near duplicates and stores; theirs only reads. `--json` prints one
 * document. The archive is made once, in .bench/, which takes a minute.
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
const [ours, theirs]: [Measured[], Measured[]] = [[], []];
for (let round = 0; round < rounds; round++) {
  ours.push(measure(process.execPath, importer));
  theirs.push(measure(python, join(import.meta.dirname, 'peers', 'pandas_import.py')));
}

function measure(program: string, script: string): Measured {
  const measured = JSON.parse(execFileSync(program, [script, archive], { encoding: 'utf8' })) as Measured;
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

const fiducial = summary(ours);
const pandas = summary(theirs);
const ratio = fiducial.seconds.median / pandas.seconds.median;
if (process.argv.includes('--json')) {
  console.log(
    JSON.stringify({ training, test, archiveBytes: statSync(archive).size, rounds, fiducial, pandas, ratio }),
  );
} else {
  for (const [name, { seconds, peakMegabytes }] of Object.entries({ fiducial, pandas }))
    console.log(
      `${name.padEnd(9)} ${seconds.median.toFixed(2)} s (${seconds.min.toFixed(2)} to ${seconds.max.toFixed(2)}), ` +
        `at most ${Math.round(peakMegabytes)} MB`,
    );
  console.log(`ratio     ${ratio.toFixed(2)} (target: at most 0.5, and at most 400 MB)`);
}
