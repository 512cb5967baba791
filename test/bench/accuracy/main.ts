/**
 * `npm run bench:accuracy -- [NAME...] [--epochs N] [--fold F] [--seed N] [--engine NAME]`: trains the named trials, or all,
 * on one of five grouped folds of the real data, each for as many epochs, and sets each beside `default` on the same images. Hours:
 * what is done is kept in .bench/accuracy (its runs in a workspace there, to be looked at in the app), and the table at the
 * end holds everything that was done with the same epochs.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Client } from '../../../src/service/service.ts';
import { openService } from '../../../src/service/service.ts';
import { trials } from './trials.ts';

const root = resolve(import.meta.dirname, '../../..');
const archive = resolve(root, '../shared/data/facial-keypoints-detection.zip');
const folds = 5;

interface Line {
  readonly name: string;
  readonly epochs: number;
  readonly fold: number;
  readonly seed: number;
  readonly engine: string;
  readonly rmse: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly trainRmse: number;
  /** The labels' own, on these images' labels; null where it is not known. */
  readonly noise: number | null;
  /** Against `default` on the same images; null for itself. */
  readonly change: { readonly difference: number; readonly low: number; readonly high: number } | null;
  readonly seconds: number;
  readonly parameters: number;
}

const { values, positionals } = options();
const [epochs, fold, seed] = [values.epochs, values.fold, values.seed].map(Number) as [
  number,
  number,
  number,
];
const engine = values.engine as 'onnx' | 'tfjs';
if (!(epochs >= 1) || !(fold >= 0 && fold < folds) || !(seed >= 0) || !['onnx', 'tfjs'].includes(engine))
  refuse(`--epochs is 1 or more, --fold 0 to ${folds - 1}, --seed 0 or more, --engine onnx or tfjs.`);
const unknown = positionals.filter((name) => trials.every((trial) => trial.name !== name));
if (unknown.length > 0)
  refuse(
    `No trial is called ${unknown.join(', ')}. There are: ${trials.map(({ name }) => name).join(', ')}.`,
  );
if (!existsSync(archive)) refuse(`bench:accuracy needs the real data, which is not at ${archive}.`);

const folder = join(root, '.bench/accuracy');
mkdirSync(folder, { recursive: true });
const file = join(folder, 'results.jsonl');
const done = (): Line[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line)
    : [];
const isComparable = (line: Line) =>
  line.epochs === epochs && line.fold === fold && line.seed === seed && line.engine === engine;

const service = openService(join(folder, 'workspace'));
const { client } = service;
for await (const _event of await client.imports.run({ path: archive })) void _event;
// What the others are compared with comes first.
const wanted = trials.filter(
  ({ name }) => name === 'default' || positionals.length === 0 || positionals.includes(name),
);
const baseTag = `base: ${epochs} ep., fold ${fold}, seed ${seed}, ${engine}`;
for (const { name, asked } of wanted) {
  if (done().some((line) => line.name === name && isComparable(line))) continue;
  const split = { fold, folds, seed: 1 };
  const run = await trained(client, { epochs, split, seed, engine, ...asked });
  const { validation, labelNoise, trainRmse, seconds, parameters } = run;
  const base = (await client.runs.list()).find(({ tags }) => tags.includes(baseTag));
  const compared = base && (await client.runs.compare({ runs: [base.runId, run.runId] }));
  const line: Line = {
    ...{ name, epochs, fold, seed, engine, rmse: validation!.rmse, interval: validation!.interval },
    ...{
      trainRmse: trainRmse!,
      noise: labelNoise?.rmse ?? null,
      change: compared?.changes[0]?.overall ?? null,
      seconds,
      parameters: parameters!,
    },
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
  console.log(lineOf(line));
  await client.runs.edit({ run: run.runId, tags: base ? [name] : [baseTag] });
}
await service.close();

const comparable = done().filter(isComparable);
const noise = comparable[0]?.noise;
console.log(
  `\n${epochs} epochs, fold ${fold}, seed ${seed}, ${engine}, by RMSE (the labels’ own noise: ${noise ? number(noise) : 'not known'}):`,
);
for (const line of comparable.sort((a, b) => a.rmse - b.rmse)) console.log(lineOf(line));

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        epochs: { type: 'string', default: '24' },
        fold: { type: 'string', default: '0' },
        seed: { type: 'string', default: '1' },
        engine: { type: 'string', default: 'onnx' },
      },
    });
  } catch (error) {
    return refuse(
      `${(error as Error).message}\nnpm run bench:accuracy -- [NAME...] [--epochs N] [--fold F] [--seed N] [--engine NAME]`,
    );
  }
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}

async function trained({ runs }: Client, input: Parameters<Client['runs']['start']>[0]) {
  const { runId } = await runs.start(input);
  for await (const event of await runs.watch({ run: runId }))
    if (event.type === 'ended') {
      if (event.run.status === 'finished') return event.run;
      throw new Error(`Run ${runId} ${event.run.status}: ${event.run.error ?? 'no reason was given'}`);
    }
  throw new Error(`Run ${runId} was lost sight of.`);
}

function lineOf({ name, fold, rmse, interval, trainRmse, change, seconds, parameters }: Line): string {
  const beside = change
    ? `${number(change.difference)} (${number(change.low)} to ${number(change.high)}) against default`
    : '';
  return [
    name.padEnd(28),
    `fold ${fold}`,
    `${number(rmse)} (${number(interval.low)} to ${number(interval.high)})`,
    `train ${number(trainRmse)}`,
    `${seconds.toFixed(0).padStart(4)} s`,
    `${(parameters / 1e6).toFixed(2)} M`,
    beside,
  ].join('  ');
}

function number(value: number): string {
  return value.toFixed(3);
}
