/** Runs as people read of them. */
import type { RunView } from '../../contract/runs.ts';
import type { Layer } from '../../domain/network-spec.ts';
import { pixels } from '../frame/format.ts';
import { layerText } from '../train/words.ts';

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

/** A field's value in a table of differences; layers of a network are `conv 8, 5x5; relu`. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (isLayers(value)) return value.map(layerWithBody).join('; ');
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return JSON.stringify(value);
}

const isLayers = (value: unknown): value is Layer[] =>
  Array.isArray(value) && value.length > 0 && value.every((layer) => typeof layer?.type === 'string');

const layerWithBody = (layer: Layer): string =>
  'body' in layer ? `${layerText(layer)} (${valueText(layer.body)})` : layerText(layer);
