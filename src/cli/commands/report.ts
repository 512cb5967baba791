/** A run in words, tables and JSON: the same wherever a run is shown. */
import type { RunView } from '../../contract/runs.ts';
import { bytes, count, counted, duration, moment, percent, pixels, table } from '../format.ts';

/** What --json gives for a run, with what was written where. */
export function runDocument(run: RunView, written: Record<string, string> = {}) {
  return { ...run, written: { run: run.directory, ...written } };
}

/** "Run 3: default by onnx, finished after 41 epochs in 8 min 12 s." */
export function headline(run: RunView): string {
  const { runId, network, engine, status, epochs, seconds } = run;
  const speed = run.imagesPerSecond === null ? '' : ` (${count(Math.round(run.imagesPerSecond))} images/s)`;
  const by = engine === 'auto' ? '' : ` by ${engine}`;
  if (run.members.length > 0)
    return `Run ${runId}: ensemble of runs ${run.members.join(', ')}${by}, ${status} in ${duration(seconds)}.`;
  return `Run ${runId}: ${network}${by}, ${status} after ${counted(Number(epochs.toFixed(1)), 'epoch')} in ${duration(seconds)}${speed}.`;
}

/** Errors of the run beside the baselines, then keypoint by keypoint. */
export function describeRun(run: RunView): string {
  const { validation, baselines, coverage, labelNoise, perKeypoint } = run;
  if (!validation) return [headline(run), ...unjudged(run)].join('\n');
  const change = (rmse: number) =>
    `${validation.rmse < rmse ? '−' : '+'}${percent(Math.abs(validation.rmse / rmse - 1))}`;
  return [
    `${headline(run)}\n${origin(run)}\nJudged on ${counted(run.validationImages ?? 0, 'image')} of people that it has not seen.`,
    table(
      ['', ' RMSE px', ' 95 % interval', ' this run against it'],
      [
        ['this run', pixels(validation.rmse), range(validation.interval), ''],
        ...(labelNoise
          ? [['the labels’ own noise', pixels(labelNoise.rmse), range(labelNoise.interval), '']]
          : []),
        ...baselines.map(({ name, rmse }) => [name, pixels(rmse), '', change(rmse)]),
      ],
    ),
    table(
      ['images', ' count', ' RMSE px'],
      validation.cohorts.map(({ name, images, rmse }) => [name, count(images), pixels(rmse)]),
    ),
    [
      `${percent(validation.failureRate, 1)} of keypoints are more than 5 px off.`,
      ...setAside(validation),
    ].join('\n'),
    ...(coverage.length > 0
      ? [
          table(
            ['places that say', ' count', ' are within'],
            coverage.map(({ radius, places, within }, i) => [
              radius === null ? `more than ${coverage[i - 1]!.radius} px` : `within ${radius} px`,
              count(places),
              within === null ? '' : percent(within, 1),
            ]),
          ),
        ]
      : []),
    table(
      ['keypoint', ' RMSE px'],
      perKeypoint.map(({ keypoint, rmse }) => [keypoint, pixels(rmse)]),
    ),
  ].join('\n\n');
}

const range = ({ low, high }: { low: number; high: number }) => `${pixels(low)} to ${pixels(high)}`;

/** Why a run has no figure. */
function unjudged({ error, status, members }: RunView): string[] {
  if (error !== null) return [error];
  if (status !== 'finished' || members.length === 0) return [];
  return ['No image was held out by all of its members, so it cannot be judged here.'];
}

/** One line a run. */
export function runTable(runs: readonly RunView[]): string {
  return table(
    [
      ' run',
      'started',
      'network',
      'engine',
      'status',
      ' epochs',
      ' time',
      ' RMSE px',
      ' label noise',
      'best baseline',
      'tags',
    ],
    runs.map((run) => {
      const best = run.baselines[0];
      return [
        String(run.runId),
        moment(run.createdAt),
        run.network,
        run.engine,
        run.status,
        Number(run.epochs.toFixed(1)).toLocaleString('en-US'),
        duration(run.seconds),
        pixels(run.validation?.rmse),
        pixels(run.labelNoise?.rmse),
        best ? `${pixels(best.rmse)} ${best.name}` : '',
        run.tags.join(', '),
      ];
    }),
  );
}

function setAside({ suspects, pooled }: NonNullable<RunView['validation']>): string[] {
  if (suspects.length === 0) return [];
  return [
    `${counted(suspects.length, 'image is', 'images are')} set aside because the labels are probably wrong (image ${suspects[0]!.imageId} above all); with them it is ${pixels(pooled)} px.`,
  ];
}

/** "2,774,130 parameters learned from 203 images with seed 1; 374 MB of memory at most." */
function origin({ parameters, trainingImages, seed, peakMemoryBytes, members }: RunView): string {
  if (members.length > 0)
    return `${count(parameters ?? 0)} parameters in all; ${bytes(peakMemoryBytes ?? 0)} of memory at most.`;
  return `${count(parameters ?? 0)} parameters learned from ${counted(trainingImages ?? 0, 'image')} with seed ${seed}; ${bytes(peakMemoryBytes ?? 0)} of memory at most.`;
}
