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
const relu: Layer = { type: 'relu' };
const conv = (filters: number, stride = 1): Layer => ({
  type: 'conv',
  filters,
  kernel: 3,
  stride,
  padding: 1,
});
const block = (filters: number, stride: number): Layer[] => [
  { type: 'residual', body: [conv(filters, stride), relu, conv(filters)] },
  relu,
];
const stem: Layer[] = [{ type: 'conv', filters: 16, kernel: 5, stride: 2, padding: 2 }, relu];
const head = (units = 256, rate = 0.1): Layer[] => [
  { type: 'flatten' },
  { type: 'dense', units },
  relu,
  { type: 'dropout', rate },
];
/** The default network with another width. */
const wide = (factor: number): Layer[] => [
  { type: 'conv', filters: 16 * factor, kernel: 5, stride: 2, padding: 2 },
  relu,
  ...block(16 * factor, 2),
  ...block(32 * factor, 2),
  ...block(48 * factor, 2),
  ...block(64 * factor, 1),
  ...head(),
];
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
  recipe('pixels from 0 to 1', { normalisation: 'unit' }),
  recipe('rate 1e-3', { schedule: { ...schedule, rate: 1e-3 } }),
  recipe('rate 3e-3', { schedule: { ...schedule, rate: 3e-3 } }),
  recipe('constant rate', { schedule: { kind: 'constant', rate: 1e-3 } }),
  recipe('weight decay 0.1', { optimizer: { ...optimizer, weightDecay: 0.1 } }),
  recipe('batches of 32', { batchSize: 32, schedule: { ...schedule, rate: 1.4e-3 } }),
  recipe('batches of 128', { batchSize: 128, schedule: { ...schedule, rate: 2.8e-3 } }),
  network('batch norm', normalised(layers)),
  network(
    'no dropout',
    layers.filter(({ type }) => type !== 'dropout'),
  ),
  network('dropout 0.3', [...layers.slice(0, -1), { type: 'dropout', rate: 0.3 }]),
  network('dense 512', [...layers.slice(0, -4), ...head(512)]),
  network('no hidden dense layer', [...layers.slice(0, -4), { type: 'flatten' }, ...layers.slice(-1)]),
  network('half as wide', wide(0.5)),
  network('1.5 times as wide', wide(1.5)),
  network('twice as wide', wide(2)),
  network('one block fewer', [...stem, ...block(16, 2), ...block(32, 2), ...block(48, 2), ...head()]),
  network('one block more', [
    ...stem,
    ...block(16, 2),
    ...block(32, 2),
    ...block(48, 2),
    ...block(64, 1),
    ...block(64, 1),
    ...head(),
  ]),
  network('pooling instead of strides', [
    ...stem,
    ...block(16, 1),
    { type: 'maxPool', size: 2 },
    ...block(32, 1),
    { type: 'maxPool', size: 2 },
    ...block(48, 1),
    { type: 'maxPool', size: 2 },
    ...block(64, 1),
    ...head(),
  ]),
  { name: 'lenet5', asked: { preset: 'lenet5' } },
  { name: 'mlp', asked: { preset: 'mlp' } },
];
