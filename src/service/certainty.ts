/** How sure a run is of its places, in pixels of the picture that they are in. */
import { expectedErrorOf, radiusOf } from '../ml/evaluation/uncertainty.ts';
import { fitOf, networkInput } from '../ml/training/fit.ts';
import type { InputShape } from '../ml/engine/engine.ts';
import type { RunResult } from '../ml/training/messages.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface Certainty {
  /** RMSE of the place's coordinates; null where no validation image has the keypoint. */
  readonly expectedError: number | null;
  /** Nine of ten such places are no further from their label; null where validation cannot tell. */
  readonly within: number | null;
}

/**
 * @param run finished
 * @param spread [keypoints]: how far its passes are apart, in pixels of the picture; undefined where that is not known
 * @returns one for each keypoint, in the schema's order
 */
export function certaintiesOf(
  { schema }: Workspace,
  run: Run,
  size: InputShape,
  spread: ArrayLike<number> | undefined,
): Certainty[] {
  const { uncertainty, validation } = run.metrics as RunResult;
  const { scale } = fitOf(size, networkInput);
  return schema.keypoints.map((name, k) => {
    const usual = validation?.perKeypoint[name] ?? null;
    const apart = (spread?.[k] ?? NaN) * scale;
    if (usual === null) return { expectedError: null, within: null };
    if (!uncertainty) return { expectedError: Math.hypot(usual, apart || 0) / scale, within: null };
    return {
      // Of two coordinates each has half of the squared distance.
      expectedError: expectedErrorOf(uncertainty, k, apart) / Math.SQRT2 / scale,
      within: radiusOf(uncertainty, k, apart) / scale,
    };
  });
}
