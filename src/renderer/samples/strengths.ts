/** The strengths of an augmentation as a person sets them, and what was drawn as a person reads it. */
import type { Augmentation, AugmentationChange } from '../../domain/recipe.ts';
import { signed } from '../frame/format.ts';

export interface Strength {
  readonly change: AugmentationChange;
  readonly title: string;
  /** What the number says: `up to ±20°`. */
  readonly text: (strength: number) => string;
  /** Where the slider ends: beyond it nobody goes, and a recipe that does is shown as it is. */
  readonly most: number;
  readonly step: number;
}

const percent = (share: number) => `${Math.round(100 * share)} %`;
const plusMinus =
  (digits: number, unit = '') =>
  (value: number) =>
    `±${value.toFixed(digits)}${unit}`;

/** In the order in which the changes are made. */
export const strengths: readonly Strength[] = [
  { change: 'mirror', title: 'Mirror', text: percent, most: 1, step: 0.05 },
  { change: 'rotation', title: 'Rotation', text: plusMinus(0, '°'), most: 90, step: 1 },
  { change: 'scale', title: 'Scale', text: (value) => `×${(1 + value).toFixed(2)}`, most: 1, step: 0.01 },
  { change: 'shift', title: 'Shift', text: plusMinus(1, ' px'), most: 32, step: 0.5 },
  { change: 'blur', title: 'Blur', text: (value) => `${value.toFixed(2)} px`, most: 0.8, step: 0.05 },
  { change: 'contrast', title: 'Contrast', text: (value) => `±${percent(value)}`, most: 1, step: 0.01 },
  { change: 'brightness', title: 'Brightness', text: plusMinus(2, ' sd'), most: 1, step: 0.01 },
  { change: 'noise', title: 'Noise', text: (value) => `${value.toFixed(2)} sd`, most: 1, step: 0.01 },
  { change: 'cutOut', title: 'Cut-out', text: percent, most: 1, step: 0.01 },
];

export const titleOf = (change: AugmentationChange): string =>
  strengths.find((strength) => strength.change === change)!.title;

/** What was drawn for one change of a sample: `12.4° clockwise`. */
export function amountText(change: AugmentationChange, amounts: Readonly<Record<string, number>>): string {
  const amount = (name: string) => amounts[name] ?? 0;
  switch (change) {
    case 'mirror':
      return amount('mirrored') ? 'mirrored' : 'not mirrored';
    case 'rotation':
      return `${Math.abs(amount('degrees')).toFixed(1)}° ${amount('degrees') < 0 ? 'to the left' : 'to the right'}`;
    case 'scale':
    case 'contrast':
      return `×${amount('factor').toFixed(3)}`;
    case 'shift':
      return `x ${signed(amount('x'), 1)} px, y ${signed(amount('y'), 1)} px`;
    case 'blur':
      return `${amount('pixels').toFixed(2)} px`;
    case 'brightness':
      return `${signed(amount('added'), 2)} sd`;
    case 'noise':
      return `${amount('deviation').toFixed(2)} sd`;
    case 'cutOut':
      return `${amount('side').toFixed(0)} px about (${amount('x').toFixed(0)}, ${amount('y').toFixed(0)})`;
  }
}

export const isSame = (a: Augmentation, b: Augmentation): boolean =>
  strengths.every(({ change }) => a[change] === b[change]);
