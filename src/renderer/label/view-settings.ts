/** How a person likes to see pictures and points; kept with their settings. */
import type { Adjustment } from './adjust.ts';
import { asItIs } from './adjust.ts';

export interface ViewSettings {
  readonly smooth: boolean;
  readonly adjustment: Adjustment;
  /** Of markers: 0.2 to 1. */
  readonly opacity: number;
  readonly names: boolean;
  readonly magnifier: boolean;
}

export const usualView: ViewSettings = {
  smooth: false,
  adjustment: asItIs,
  opacity: 1,
  names: false,
  magnifier: true,
};
