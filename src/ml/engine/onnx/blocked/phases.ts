/** How the gradient of a convolution's input comes from convolutions of stride 1, in one direction. */

/** Every stride-th cell of the input, from one of the first on. */
export interface Phase {
  /** The cells of the kernel that meet the phase, in the order in which they move over the output's gradient. */
  readonly taps: readonly number[];
  /** Zeros around the output's gradient. */
  readonly before: number;
  readonly after: number;
}

/**
 * Output o meets input i with tap i + padding - stride * o. For i = stride * t + first these are the taps
 * rest + stride * m at o = t + shift - m, where stride * shift + rest = first + padding.
 * @returns a phase for each first cell, with ceil(side / stride) cells each; undefined where one meets no tap or would
 * need less of the output than there is
 */
export function phasesOf(
  side: number,
  outputs: number,
  kernel: number,
  stride: number,
  padding: number,
): Phase[] | undefined {
  const length = Math.ceil(side / stride);
  const phases = Array.from({ length: stride }, (_, first): Phase => {
    const rest = (first + padding) % stride;
    const count = Math.max(0, Math.ceil((kernel - rest) / stride));
    const before = count - 1 - Math.floor((first + padding) / stride);
    return {
      taps: Array.from({ length: count }, (_, place) => rest + stride * (count - 1 - place)),
      before,
      after: length - outputs - before + count - 1,
    };
  });
  const plain = phases.every(({ taps, before, after }) => taps.length > 0 && before >= 0 && after >= 0);
  return plain ? phases : undefined;
}
