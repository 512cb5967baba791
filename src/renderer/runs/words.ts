/** Runs as people read of them. */
import type { RunView } from '../../contract/runs.ts';
import { counted, pixels } from '../frame/format.ts';

/** `running, paused`, `queued behind 2 runs`. */
export function statusText({ status, paused, ahead }: Pick<RunView, 'status' | 'paused' | 'ahead'>): string {
  if (status === 'running' && paused) return 'paused';
  if (status === 'queued' && ahead === null) return 'left in a queue';
  if (status === 'queued' && ahead! > 0) return `queued behind ${counted(ahead!, 'run')}`;
  return status;
}

/** `1.55 (1.47 to 1.65)`; what cannot be said is a dash. */
export function rmseText(validation: RunView['validation']): string {
  if (!validation) return '–';
  const { rmse, interval } = validation;
  return `${rmse.toFixed(2)} (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;
}

/** `PCA + ridge 2.7`: the best of the simple methods on the same images. */
export function baselineText([best]: RunView['baselines']): string {
  return best ? `${best.name} ${pixels(best.rmse)}` : '–';
}

export const when = (at: string): string =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A field's value in a table of differences; layers of a network are `conv filters 8 kernel 5, relu`. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (isLayers(value)) return value.map(layerText).join(', ');
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return JSON.stringify(value);
}

type NamedLayer = Record<string, unknown> & { readonly type: string };

const isLayers = (value: unknown): value is NamedLayer[] =>
  Array.isArray(value) && value.every((layer) => typeof layer?.type === 'string') && value.length > 0;

function layerText({ type, ...fields }: NamedLayer): string {
  const said = Object.entries(fields).map(([name, value]) =>
    isLayers(value) ? `(${valueText(value)})` : `${name} ${valueText(value)}`,
  );
  return [type, ...said].join(' ');
}
