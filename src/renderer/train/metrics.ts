/** What a run's plot can show, epoch by epoch. */
import type { Curve, Line } from '../plot/curves.ts';
import type { RunDetail } from './run-watch.svelte.ts';

type EpochPoint = RunDetail['curve'][number];

export interface Metric {
  readonly title: string;
  readonly unit: string;
  /** Baselines are of the same kind. */
  readonly isError?: boolean;
  readonly series: readonly {
    readonly name: string;
    readonly of: (point: EpochPoint) => number;
    readonly quiet?: boolean;
  }[];
}

export const metrics = {
  error: {
    title: 'Error',
    unit: 'px',
    isError: true,
    series: [
      { name: 'validation', of: ({ validationRmse }) => validationRmse },
      { name: 'training', of: ({ trainRmse }) => trainRmse, quiet: true },
    ],
  },
  loss: { title: 'Training loss', unit: '', series: [{ name: 'loss', of: ({ trainLoss }) => trainLoss }] },
  gradient: {
    title: 'Gradient norm',
    unit: '',
    series: [{ name: 'norm of the last batch', of: ({ gradientNorm }) => gradientNorm }],
  },
  rate: {
    title: 'Learning rate',
    unit: '',
    series: [{ name: 'learning rate', of: ({ learningRate }) => learningRate }],
  },
  speed: {
    title: 'Speed',
    unit: 'images/s',
    series: [{ name: 'speed', of: ({ imagesPerSecond }) => imagesPerSecond }],
  },
} as const satisfies Record<string, Metric>;
export type MetricName = keyof typeof metrics;

export function curvesOf(points: readonly EpochPoint[], { series }: Metric): Curve[] {
  return series.map(({ name, of, quiet = false }) => ({
    name,
    quiet,
    colour: 1,
    points: points.map((point) => ({ x: point.epoch, y: of(point) })),
  }));
}

/** What the error of a run is to be compared with. */
export function linesOf({ baselines, labelNoise }: Pick<RunDetail, 'baselines' | 'labelNoise'>): Line[] {
  return [
    ...baselines.map(({ name, rmse }) => ({ name, y: rmse })),
    ...(labelNoise ? [{ name: 'the labels’ own noise', y: labelNoise.rmse }] : []),
  ];
}
