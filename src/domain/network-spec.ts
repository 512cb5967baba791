/** A network as a short JSON list of layers, the same for every engine. ml/network/spec.ts checks one. */

interface Pool {
  readonly size: number;
  /** Defaults to the size. Windows that do not fit at the right and bottom edges are left out. */
  readonly stride?: number | undefined;
}

export type Layer =
  | {
      readonly type: 'conv';
      readonly filters: number;
      /** A side in pixels or [height, width]. */
      readonly kernel: number | readonly [number, number];
      /** Default 1, the same in both directions. */
      readonly stride?: number | undefined;
      /**
       * Zeros around the map: `valid` (default) none; `same` as many as make the result ceil(input / stride), the odd
       * one at the bottom and right, as TensorFlow does; a number that many on every side.
       */
      readonly padding?: 'valid' | 'same' | number | undefined;
      /** Default true. */
      readonly bias?: boolean | undefined;
    }
  | ({ readonly type: 'maxPool' } & Pool)
  | ({ readonly type: 'averagePool' } & Pool)
  | {
      /** Of a map: over batch, height and width. */
      readonly type: 'batchNorm';
      /** The share of the running value that is kept; default 0.9. */
      readonly momentum?: number | undefined;
      /** Default 1e-5. */
      readonly epsilon?: number | undefined;
    }
  | { readonly type: 'relu' }
  | {
      /** shortcut(x) + body(x). The shortcut is x; where shapes differ, its mean over stride x stride cells and a 1x1 convolution. */
      readonly type: 'residual';
      readonly body: readonly Layer[];
      /** A learnt factor on the body that starts at 0 (SkipInit), so that deep networks train without normalisation. Default false. */
      readonly scale?: boolean | undefined;
    }
  | { readonly type: 'flatten' }
  | { readonly type: 'globalAveragePool' }
  | { readonly type: 'dense'; readonly units: number; readonly bias?: boolean | undefined }
  /** `rate` is the share of values that training sets to zero; the rest are scaled by 1 / (1 - rate). */
  | { readonly type: 'dropout'; readonly rate: number }
  | {
      /**
       * Only the last: a 1x1 convolution to a heat map for each keypoint, of `cells` x `cells` cells for each cell of its input.
       * The softmax over a keypoint's cells says how likely the keypoint lies in each.
       */
      readonly type: 'heatMap';
      readonly cells: number;
    };

/**
 * The last layer of every network is not listed: it is added as `output`. Behind heat maps it is the mean place that they say
 * (soft-argmax: Sun et al. 2018, "Integral human pose regression"), else dense with as many units as there are outputs.
 */
export interface NetworkSpec {
  readonly name?: string | undefined;
  readonly layers: readonly Layer[];
}
