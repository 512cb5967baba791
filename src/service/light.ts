/** How sharp and how bright pictures are, found out once for each and in steps that let other work go on. */
import { setImmediate } from 'node:timers/promises';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';

/** Pictures in one step. */
const step = 50;

/** [rows], NaN for a picture that nobody has asked about. */
interface Light {
  /** log10 of 1 + the variance of the Laplacian. Pech-Pacheco et al. (2000). */
  readonly sharpness: Float32Array;
  /** Mean gray, 0 black to 255. */
  readonly brightness: Float32Array;
}

const known = new WeakMap<Catalogue, Light>();

/** @throws the signal's reason when it is aborted */
export async function lightOf(
  workspace: Workspace,
  catalogue: Catalogue,
  rows: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Light> {
  const unknown = () => new Float32Array(catalogue.ids.length).fill(NaN);
  const light = known.get(catalogue) ?? { sharpness: unknown(), brightness: unknown() };
  known.set(catalogue, light);
  const asked = rows.filter((row) => Number.isNaN(light.brightness[row]!));
  for (const [i, row] of asked.entries()) {
    if (i % step === step - 1) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    const pixels = workspace.images.pixels(catalogue.ids[row]!);
    const { width, height } = catalogue.sizeOf(row);
    light.brightness[row] = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    light.sharpness[row] = Math.log10(1 + laplacianVariance(pixels, width, height));
  }
  return light;
}

function laplacianVariance(pixels: Uint8Array, width: number, height: number): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      const value =
        pixels[i - 1]! + pixels[i + 1]! + pixels[i - width]! + pixels[i + width]! - 4 * pixels[i]!;
      sum += value;
      squares += value * value;
      count++;
    }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}
