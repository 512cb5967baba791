/** Submissions that were written, each beside what its run reaches in its own validation. */
import type { SubmissionView } from '../contract/submissions.ts';
import type { RunResult } from '../ml/training/messages.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** The latest first. */
export function viewSubmissions({ submissions, runs }: Workspace): SubmissionView[] {
  return submissions.list().map(({ id, createdAt, runId, path, sha256, rows, clipped, score }) => {
    const run = runs.get(runId)!;
    const { validation, labelNoise } = (run.metrics ?? {}) as Partial<RunResult>;
    return {
      ...{ id, createdAt: createdAt.toISOString(), runId, network: run.preset },
      ...{ path, sha256, rows, clipped, score },
      validation: validation ? { rmse: validation.rmse, ...validation.interval } : null,
      labelNoise: labelNoise?.rmse ?? null,
    };
  });
}
