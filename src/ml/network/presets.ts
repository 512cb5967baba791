/** Networks by name. */
import { InputProblem } from '../../domain/problem.ts';
import type { Layer, NetworkSpec } from '../../domain/network-spec.ts';

/** Two 3x3 convolutions beside a shortcut. */
function residual(filters: number, stride: number): Layer {
  return {
    type: 'residual',
    body: [
      { type: 'conv', filters, kernel: 3, stride, padding: 1 },
      { type: 'relu' },
      { type: 'conv', filters, kernel: 3, padding: 1 },
    ],
  };
}

const relu: Layer = { type: 'relu' };

const presets = {
  /** As people start: one hidden layer on raw pixels. */
  mlp: [{ type: 'flatten' }, { type: 'dense', units: 300 }, relu],
  /** The network of the competition's tutorials. */
  lenet5: [
    { type: 'conv', filters: 32, kernel: 3 },
    relu,
    { type: 'maxPool', size: 2 },
    { type: 'conv', filters: 64, kernel: 2 },
    relu,
    { type: 'maxPool', size: 2 },
    { type: 'conv', filters: 128, kernel: 2 },
    relu,
    { type: 'maxPool', size: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 500 },
    relu,
    { type: 'dense', units: 500 },
    relu,
  ],
  /** The best accuracy for ten minutes on two cores, of what was tried (docs/accuracy.md). */
  default: [
    { type: 'conv', filters: 16, kernel: 5, stride: 2, padding: 2 },
    relu,
    residual(16, 2),
    relu,
    residual(32, 2),
    relu,
    residual(48, 1),
    relu,
    residual(64, 1),
    relu,
    { type: 'heatMap', cells: 2 },
  ],
} as const satisfies Record<string, readonly Layer[]>;

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as PresetName[];

/** @throws InputProblem that lists the names there are */
export function presetSpec(name: string): NetworkSpec {
  if (!Object.hasOwn(presets, name))
    throw new InputProblem('unknown preset', { found: name, expected: `one of ${presetNames.join(', ')}` });
  return { name, layers: [...presets[name as PresetName]] };
}
