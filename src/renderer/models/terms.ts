/** The numbers behind a weighted sum, as a person can follow them: by channel, and of one channel cell by cell. */

export interface Weighted {
  /** [channels, height, width] */
  readonly shape: readonly [number, number, number];
  readonly inputs: Float32Array;
  readonly weights: Float32Array;
  readonly bias: number;
}

/** A row of the sum. */
export interface Term {
  /** Of the input. */
  readonly channel: number;
  /** Of its products. */
  readonly sum: number;
}

/** What each channel of the input adds, the largest amounts first. */
export function termsOf({ shape: [channels, height, width], inputs, weights }: Weighted): Term[] {
  const size = height * width;
  return Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = channel * size; i < (channel + 1) * size; i++) sum += inputs[i]! * weights[i]!;
    return { channel, sum };
  }).sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
}

/** Of one channel: rows of cells with what is multiplied. */
export function cellsOf({ shape: [, height, width], inputs, weights }: Weighted, channel: number) {
  const start = channel * height * width;
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const at = start + row * width + column;
      return { input: inputs[at]!, weight: weights[at]!, product: inputs[at]! * weights[at]! };
    }),
  );
}

/** The cells of a heat map by their share, the largest first. */
export function likeliest(shares: Float32Array): number[] {
  return Array.from(shares.keys()).sort((a, b) => shares[b]! - shares[a]!);
}

/** Three digits after the point, fewer of large numbers: 1.235, −0.012, 12.35. */
export function figure(value: number): string {
  const amount = Math.abs(value);
  if (amount === 0) return '0';
  const digits = amount >= 1000 ? 0 : amount >= 100 ? 1 : amount >= 10 ? 2 : 3;
  const text = amount < 0.0005 ? amount.toExponential(1) : amount.toFixed(digits);
  return `${value < 0 ? '−' : ''}${text}`;
}
