/** A list of layers that is being edited. Places are as network.describe gives them: `4.2` is the second layer in the body of the fourth. */
import type { Layer } from '../../domain/network-spec.ts';

export type LayerType = Layer['type'];

/** How the text in a field becomes a value of the spec. */
type FieldKind = 'number' | 'size' | 'padding' | 'yes-no';

export interface LayerField {
  readonly name: string;
  readonly kind: FieldKind;
  /** What holds where the field is empty; a field without it has to be filled in. */
  readonly usual?: string;
}

const bias: LayerField = { name: 'bias', kind: 'yes-no', usual: 'yes' };
const pool: readonly LayerField[] = [
  { name: 'size', kind: 'number' },
  { name: 'stride', kind: 'number', usual: 'size' },
];

/** Every type of layer with the fields that a person may change. */
export const layerFields: Readonly<Record<LayerType, readonly LayerField[]>> = {
  conv: [
    { name: 'filters', kind: 'number' },
    { name: 'kernel', kind: 'size' },
    { name: 'stride', kind: 'number', usual: '1' },
    { name: 'padding', kind: 'padding', usual: 'valid' },
    bias,
  ],
  maxPool: pool,
  averagePool: pool,
  batchNorm: [
    { name: 'momentum', kind: 'number', usual: '0.9' },
    { name: 'epsilon', kind: 'number', usual: '1e-5' },
  ],
  relu: [],
  residual: [{ name: 'scale', kind: 'yes-no', usual: 'no' }],
  flatten: [],
  globalAveragePool: [],
  dense: [{ name: 'units', kind: 'number' }, bias],
  dropout: [{ name: 'rate', kind: 'number' }],
  heatMap: [{ name: 'cells', kind: 'number' }],
};

/** What a layer is when it is put in. */
const fresh: Readonly<Record<LayerType, Layer>> = {
  conv: { type: 'conv', filters: 32, kernel: 3, padding: 'same' },
  maxPool: { type: 'maxPool', size: 2 },
  averagePool: { type: 'averagePool', size: 2 },
  batchNorm: { type: 'batchNorm' },
  relu: { type: 'relu' },
  residual: {
    type: 'residual',
    body: [
      { type: 'conv', filters: 32, kernel: 3, padding: 1 },
      { type: 'relu' },
      { type: 'conv', filters: 32, kernel: 3, padding: 1 },
    ],
  },
  flatten: { type: 'flatten' },
  globalAveragePool: { type: 'globalAveragePool' },
  dense: { type: 'dense', units: 128 },
  dropout: { type: 'dropout', rate: 0.3 },
  heatMap: { type: 'heatMap', cells: 2 },
};

export const layerTypes = Object.keys(fresh) as LayerType[];

/** @returns the value as the spec has it; what cannot be read stays text, for the check to say so; undefined where nothing is written */
export function readField({ kind }: Pick<LayerField, 'kind'>, text: string): unknown {
  const written = text.trim();
  if (written === '') return undefined;
  if (kind === 'yes-no') return written === 'yes';
  const sides = /^(\d+)\s*[x×, ]\s*(\d+)$/.exec(written);
  if (kind === 'size' && sides) return [Number(sides[1]), Number(sides[2])];
  const number = Number(written);
  return Number.isFinite(number) ? number : written;
}

/** The inverse of readField. */
export function writeField(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join('x') : String(value);
}

/** @param value undefined takes the field away */
export function withField(layers: readonly Layer[], place: string, name: string, value: unknown): Layer[] {
  return edited(layers, place, (list, at) => {
    const others = Object.entries(list[at]!).filter(([field]) => field !== name);
    const next =
      value === undefined ? Object.fromEntries(others) : { ...(list[at] as object), [name]: value };
    return list.with(at, next as unknown as Layer);
  });
}

export function withoutLayer(layers: readonly Layer[], place: string): Layer[] {
  return edited(layers, place, (list, at) => list.toSpliced(at, 1));
}

/** @param place the layer that it follows; `0` and `4.0` for the beginning of a list */
export function withLayerAfter(layers: readonly Layer[], place: string, type: LayerType): Layer[] {
  return edited(layers, place, (list, at) => list.toSpliced(at + 1, 0, structuredClone(fresh[type])));
}

/** Within its list; at the end of it the layer stays where it is. */
export function withLayerMoved(layers: readonly Layer[], place: string, by: -1 | 1): Layer[] {
  return edited(layers, place, (list, at) => {
    const [layer, other] = [list[at], list[at + by]];
    return layer && other ? list.with(at, other).with(at + by, layer) : [...list];
  });
}

/** Where a layer is after it has been moved. */
export function movedPlace(place: string, by: -1 | 1): string {
  const numbers = place.split('.').map(Number);
  return [...numbers.slice(0, -1), numbers.at(-1)! + by].join('.');
}

export function layerAt(layers: readonly Layer[], place: string): Layer | undefined {
  const [number, ...inside] = place.split('.');
  const layer = layers[Number(number) - 1];
  if (inside.length === 0 || layer === undefined) return layer;
  return layer.type === 'residual' ? layerAt(layer.body, inside.join('.')) : undefined;
}

/** @param edit is given the list that the place is in, and the place's index there */
function edited(
  layers: readonly Layer[],
  place: string,
  edit: (list: readonly Layer[], at: number) => Layer[],
): Layer[] {
  const [number, ...inside] = place.split('.');
  const at = Number(number) - 1;
  if (inside.length === 0) return edit(layers, at);
  const block = layers[at];
  if (block?.type !== 'residual') return [...layers];
  return layers.with(at, { ...block, body: edited(block.body, inside.join('.'), edit) });
}
