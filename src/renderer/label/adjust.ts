/** How a picture is shown so that its points are seen better. Its own pixels stay as they are. */

export interface Adjustment {
  /** -1 to 1; 0 leaves the picture as it is. */
  readonly brightness: number;
  /** -1 to 1; 0 leaves the picture as it is. */
  readonly contrast: number;
  /** Spreads the grays evenly before anything else. */
  readonly equalise: boolean;
}

export const asItIs: Adjustment = { brightness: 0, contrast: 0, equalise: false };

/** Changes pixels [pixels, RGBA] in place, each channel by the same table. */
export function adjust(pixels: Uint8ClampedArray, adjustment: Adjustment): void {
  const { brightness, contrast, equalise } = adjustment;
  if (brightness === 0 && contrast === 0 && !equalise) return;
  const table = equalise ? equalising(pixels) : Float64Array.from({ length: 256 }, (_, gray) => gray);
  // A slope of 1 turns into one of 4 or a quarter, around the middle gray.
  const slope = 4 ** contrast;
  const shown = Uint8ClampedArray.from(table, (gray) => (gray - 127.5) * slope + 127.5 + 160 * brightness);
  for (let i = 0; i < pixels.length; i += 4)
    for (let channel = i; channel < i + 3; channel++) pixels[channel] = shown[pixels[channel]!]!;
}

/** From a gray to the share of the picture that is as dark or darker, as a gray. */
function equalising(pixels: Uint8ClampedArray): Float64Array {
  const counts = new Float64Array(256);
  for (let i = 0; i < pixels.length; i += 4) counts[luminance(pixels, i)]!++;
  const total = pixels.length / 4;
  const darkest = counts[counts.findIndex((count) => count > 0)]!;
  let below = 0;
  return counts.map((count) => {
    below += count;
    return total === darkest ? 127.5 : (255 * (below - darkest)) / (total - darkest);
  });
}

const luminance = (pixels: Uint8ClampedArray, at: number) =>
  Math.round(0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!);
