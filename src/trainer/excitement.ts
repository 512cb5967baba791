/** What excites the channels of a network most, over all images of the workspace; found once and kept with the run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Strongest, type StrongestByLayer } from '../ml/inspection/strongest.ts';
import { replaceFile } from '../ml/training/checkpoint.ts';
import { networkInput } from '../ml/training/fit.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { InspectedNetwork } from './inspected-network.ts';

interface ExcitementFile {
  /** Images of the workspace then: with others the file is old. */
  readonly images: number;
  readonly lastImage: number;
  readonly layers: StrongestByLayer;
}

/** So few that a question about one face, which comes between two steps, is still answered at once. */
const inStep = 8;

/** @returns undefined where it is not known yet, or images have been added since */
export function knownExcitement(
  workspace: Workspace,
  network: InspectedNetwork,
): StrongestByLayer | undefined {
  const file = fileOf(network);
  if (!existsSync(file)) return undefined;
  const { layers, ...of } = JSON.parse(readFileSync(file, 'utf8')) as ExcitementFile;
  const now = extentOf(workspace);
  return of.images === now.images && of.lastImage === now.lastImage ? layers : undefined;
}

/** @throws the signal's reason when it is aborted */
export async function findExcitement(
  workspace: Workspace,
  network: InspectedNetwork,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const of = extentOf(workspace);
  const ids = workspace.images.ids();
  const size = networkInput.width * networkInput.height;
  const strongest = new Strongest();
  const observer = await network.peaks();
  try {
    for (let first = 0; first < ids.length; first += inStep) {
      onProgress(first, ids.length);
      await setImmediate();
      signal.throwIfAborted();
      const some = ids.slice(first, first + inStep);
      const pictures = new Float32Array(some.length * size);
      some.forEach((id, i) => {
        pictures.set(network.imageOf(workspace, id).normalised, i * size);
      });
      strongest.add(some, await observer.observe(pictures));
    }
  } finally {
    await observer.dispose();
  }
  const kept: ExcitementFile = { ...of, layers: strongest.found() };
  replaceFile(fileOf(network), [Buffer.from(JSON.stringify(kept))]);
}

const fileOf = ({ at, name }: InspectedNetwork) => join(at.runDirectory, `excitement-${name}.json`);

function extentOf({ images }: Workspace): Pick<ExcitementFile, 'images' | 'lastImage'> {
  return { images: images.count(), lastImage: images.lastId() };
}
