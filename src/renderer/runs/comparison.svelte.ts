/** Runs side by side: what the service says of them, and the faces that it names. */
import type { ImageView } from '../../contract/images.ts';
import type { RunComparison } from '../../contract/run-records.ts';
import type { Curve } from '../plot/curves.ts';
import { service } from '../connection.ts';

export type Change = RunComparison['changes'][number];

export class Comparison {
  found = $state.raw<RunComparison>();
  problem = $state('');
  /** By number: the images of the faces that changed most. */
  images = $state.raw<Readonly<Record<number, ImageView>>>({});

  /** @param runs the one that the others are compared with first; @param signal when nobody waits any more */
  async load(runs: readonly number[], signal: AbortSignal): Promise<void> {
    this.found = undefined;
    this.problem = '';
    try {
      const found = await service.runs.compare({ runs: [...runs] }, { signal });
      if (signal.aborted) return;
      this.found = found;
      for (const change of found.changes) {
        const ids = [...change.worse, ...change.better].map(({ imageId }) => imageId);
        const missing = ids.filter((id) => !(id in this.images));
        if (missing.length === 0) continue;
        const images = await service.images.get({ ids: missing }, { signal });
        this.images = { ...this.images, ...Object.fromEntries(images.map((image) => [image.id, image])) };
      }
    } catch (error) {
      if (!signal.aborted) this.problem = (error as Error).message;
    }
  }
}

/** Validation and, thin, training of each run. Ensembles have no curves. */
export function curvesOf(runs: RunComparison['runs']): Curve[] {
  return runs.flatMap(({ runId, curve }, i) => {
    if (curve.length === 0) return [];
    const points = (of: 'validationRmse' | 'trainRmse') =>
      curve.map((point) => ({ x: point.epoch, y: point[of] }));
    return [
      { name: `run ${runId}`, label: `run ${runId}`, colour: i + 1, points: points('validationRmse') },
      { name: `run ${runId}, training`, colour: i + 1, quiet: true, points: points('trainRmse') },
    ];
  });
}
