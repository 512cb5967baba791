/** Networks, layers and runs as people read them. */
import type { Layer } from '../../domain/network-spec.ts';
import type { RunView } from '../../contract/runs.ts';
import { duration } from '../frame/format.ts';
import { figure } from '../plot/curves.ts';
import { writeField } from './layers.ts';
import type { Progress, RunDetail } from './run-watch.svelte.ts';

export const isEnsemble = ({ members }: RunView): boolean => members.length > 0;

/** 950, 12.3 k, 1.68 M, 1.2 G: three digits that count. */
export function short(value: number): string {
  const units = ['', ' k', ' M', ' G'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return power === 0 ? String(value) : `${Number((value / 1000 ** power).toPrecision(3))}${units[power]}`;
}

/** A map as channels, height and width, a list as its length: `32×48×48`. */
export const shapeText = (shape: readonly number[]): string => shape.join('×');

/** What a layer is, in a line: `conv 32, 5x5, /2`. Whatever stands in its fields is written as it is. */
export function layerText(layer: Layer): string {
  const { type, ...fields } = layer as Layer & Record<string, unknown>;
  const parts = Object.entries(fields).flatMap(([name, value]) => {
    if (name === 'body' || value === undefined) return [];
    const text = writeField(value);
    if (name === 'filters' || name === 'units' || name === 'rate' || name === 'size') return [text];
    if (name === 'kernel') return [text.includes('x') ? text : `${text}x${text}`];
    if (name === 'stride') return [`/${text}`];
    return [`${name === 'padding' ? 'pad' : name} ${text}`];
  });
  return [type, parts.join(', ')].filter(Boolean).join(' ');
}

/** What a training will take, told closely enough to be held to it: `42 s`, `2 min 30 s`, `1 h 20 min`. */
export function costText(seconds: number): string {
  if (seconds < 60 || seconds >= 600) return duration(seconds);
  const rounded = 5 * Math.round(seconds / 5);
  const rest = rounded % 60;
  return `${Math.floor(rounded / 60)} min${rest ? ` ${rest} s` : ''}`;
}

/** What a run is doing. */
export function statusText({ status, paused, ahead }: Pick<RunView, 'status' | 'paused' | 'ahead'>): string {
  if (paused) return 'paused';
  if (status !== 'queued') return status;
  return ahead === null ? 'left in the queue' : `queued, ${ahead} before it`;
}

/** What a run is at, or what it came to: names with their values. */
export function figuresOf(run: RunDetail, progress: Progress | undefined): [name: string, value: string][] {
  const last = run.curve.at(-1);
  const speed = progress?.imagesPerSecond ?? run.imagesPerSecond ?? last?.imagesPerSecond;
  const known = (value: number | null | undefined, text: (value: number) => string) =>
    value == null ? '–' : text(value);
  const px = (rmse: number) => `${rmse.toFixed(2)} px`;
  return [
    [
      'epoch',
      progress
        ? `${progress.epoch} of ${Math.ceil(progress.epochs)}`
        : known(run.epochs || null, (epochs) => String(Number(epochs.toFixed(1)))),
    ],
    ['images/s', known(speed, (value) => value.toFixed(0))],
    progress
      ? ['time left', duration(progress.secondsLeft)]
      : ['time', known(run.seconds || null, (seconds) => duration(seconds))],
    ['learning rate', known(progress?.learningRate ?? last?.learningRate, figure)],
    ['gradient norm', known(last?.gradientNorm, figure)],
    // What is judged in the end is the best epoch, without images whose labels are probably wrong.
    run.validation
      ? ['final error', px(run.validation.rmse)]
      : ['validation', known(last?.validationRmse, px)],
    ...(run.labelNoise ? [['labels’ own noise', px(run.labelNoise.rmse)] satisfies [string, string]] : []),
  ];
}
