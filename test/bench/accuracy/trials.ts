/** What is tried, one thing at a time: each differs from the `default` preset in what its name says. */
import type { StartInput } from '../../../src/contract/runs.ts';
import type { Layer } from '../../../src/domain/network-spec.ts';
import { presetSpec } from '../../../src/ml/network/presets.ts';
import { presetRecipes } from '../../../src/ml/training/recipe.ts';

export interface Trial {
  /** As in docs/accuracy.md. */
  readonly name: string;
  readonly asked: StartInput;
}

const { augmentation, optimizer, schedule } = presetRecipes.default;

const recipe = (name: string, changes: NonNullable<Exclude<StartInput['recipe'], string>>): Trial => ({
  name,
  asked: { recipe: changes },
});
const augmented = (name: string, changes: Partial<typeof augmentation>): Trial =>
  recipe(name, { augmentation: { ...augmentation, ...changes } });
const network = (name: string, layers: readonly Layer[]): Trial => ({ name, asked: { spec: { layers } } });

const { layers } = presetSpec('default');
/** Other maps and blocks than the default network has. */
const wide = (of: readonly Layer[], factor: number): Layer[] =>
  of.map((layer) => {
    if (layer.type === 'conv') return { ...layer, filters: layer.filters * factor };
    return layer.type === 'residual' ? { ...layer, body: wide(layer.body, factor) } : layer;
  });
const wideAs = (layer: Layer, filters: number): Layer =>
  layer.type === 'residual'
    ? { ...layer, body: layer.body.map((inner) => (inner.type === 'conv' ? { ...inner, filters } : inner)) }
    : layer;
const lastBlock = layers.findLastIndex(({ type }) => type === 'residual');
const blockAndRelu = layers.slice(lastBlock, lastBlock + 2);
const pooled = layers.flatMap((layer): Layer[] => {
  if (layer.type !== 'residual') return [layer];
  const body = layer.body.map((inner) => (inner.type === 'conv' ? { ...inner, stride: 1 } : inner));
  const isHalved = layer.body.some((inner) => inner.type === 'conv' && inner.stride === 2);
  return [{ ...layer, body }, ...(isHalved ? [{ type: 'maxPool' as const, size: 2 }] : [])];
});
/** Heat maps of other sizes; and behind maps of half the side, as those that dense layers read. */
const trunk = layers.slice(0, -1);
const heatMaps = (of: readonly Layer[], cells: number): Layer[] => [...of, { type: 'heatMap', cells }];
const coarse = trunk.map((layer, at): Layer => {
  if (layer.type !== 'residual' || at !== trunk.length - 4) return layer;
  const body = layer.body.map((inner, i) => (i === 0 ? { ...inner, stride: 2 } : inner)) as Layer[];
  return { ...layer, body };
});
/** Dense layers instead of heat maps, at the rate that suited them best: the default until there were heat maps. */
const dense = (name: string, ...hidden: readonly Layer[]): Trial => ({
  name,
  asked: {
    spec: { layers: [...coarse, { type: 'flatten' }, ...hidden] },
    recipe: { schedule: { ...schedule, rate: 2e-3 } },
  },
});
const hidden = (units: number): Layer[] => [{ type: 'dense', units }, { type: 'relu' }];
/** Batch normalisation before every ReLU and at the end of every body. */
const normalised = (of: readonly Layer[]): Layer[] =>
  of.flatMap((layer): Layer[] => {
    if (layer.type === 'conv') return [{ ...layer, bias: false }, { type: 'batchNorm' }];
    return [layer.type === 'residual' ? { ...layer, body: normalised(layer.body) } : layer];
  });

export const trials: readonly Trial[] = [
  { name: 'default', asked: {} },
  { name: 'seed 2', asked: { seed: 2 } },
  { name: 'complete rows only', asked: { rows: { kind: 'complete' } } },
  augmented('no mirroring', { mirror: 0 }),
  augmented('rotation 0', { rotation: 0 }),
  augmented('rotation 30', { rotation: 30 }),
  augmented('scale 0', { scale: 0 }),
  augmented('scale 0.3', { scale: 0.3 }),
  augmented('shift 0', { shift: 0 }),
  augmented('shift 4', { shift: 4 }),
  augmented('shift 12', { shift: 12 }),
  augmented('no contrast, no brightness', { contrast: 0, brightness: 0 }),
  augmented('contrast 0.4, brightness 0.2', { contrast: 0.4, brightness: 0.2 }),
  augmented('noise 0.1', { noise: 0.1 }),
  augmented('blur 0.8', { blur: 0.8 }),
  augmented('cut-out 0.3', { cutOut: 0.3 }),
  recipe('no augmentation', { augmentation: presetRecipes.lenet5.augmentation }),
  recipe('MSE', { loss: { kind: 'mse' } }),
  recipe('Huber 2', { loss: { kind: 'huber', delta: 2 } }),
  recipe('Huber 0.5', { loss: { kind: 'huber', delta: 0.5 } }),
  recipe('Wing 4, 1', { loss: { kind: 'wing', width: 4, curvature: 1 } }),
  recipe('Wing 2, 0.5', { loss: { kind: 'wing', width: 2, curvature: 0.5 } }),
  recipe('pixels from 0 to 1', { normalisation: 'unit' }),
  recipe('rate 5e-3', { schedule: { ...schedule, rate: 5e-3 } }),
  recipe('rate 2e-2', { schedule: { ...schedule, rate: 2e-2 } }),
  recipe('constant rate', { schedule: { kind: 'constant', rate: 5e-3 } }),
  recipe('weight decay 0.01', { optimizer: { ...optimizer, weightDecay: 0.01 } }),
  recipe('weight decay 0.3', { optimizer: { ...optimizer, weightDecay: 0.3 } }),
  recipe('batches of 32', { batchSize: 32, schedule: { ...schedule, rate: 7e-3 } }),
  recipe('batches of 128', { batchSize: 128, schedule: { ...schedule, rate: 1.4e-2 } }),
  network('batch norm', normalised(layers)),
  network('wider at the end', [
    ...layers.slice(0, 6),
    ...[64, 96].flatMap((filters) => blockAndRelu.map((layer) => wideAs(layer, filters))),
    ...layers.slice(-1),
  ]),
  network('heat maps of 12 x 12', heatMaps(trunk, 1)),
  network('heat maps of 48 x 48', heatMaps(trunk, 4)),
  network('heat maps of 24 x 24 behind maps of 6 x 6', heatMaps(coarse, 4)),
  dense('dense layers', ...hidden(256), { type: 'dropout', rate: 0.1 }),
  dense('dense layers, dropout 0.3', ...hidden(256), { type: 'dropout', rate: 0.3 }),
  dense('dense layers, no dropout', ...hidden(256)),
  dense('dense layers, 512', ...hidden(512), { type: 'dropout', rate: 0.1 }),
  dense('dense layer, none hidden', { type: 'dropout', rate: 0.1 }),
  network('half as wide', wide(layers, 0.5)),
  network('1.5 times as wide', wide(layers, 1.5)),
  network('twice as wide', wide(layers, 2)),
  network('one block fewer', layers.toSpliced(lastBlock, 2)),
  network('one block more', layers.toSpliced(lastBlock, 0, ...blockAndRelu)),
  network('pooling instead of strides', pooled),
  { name: 'lenet5', asked: { preset: 'lenet5' } },
  { name: 'mlp', asked: { preset: 'mlp' } },
];
