/** What is due to runs, and where they came from. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AnyConfig, isEnsemble } from '../ml/training/config.ts';
import type { TrainResult } from '../ml/training/messages.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Lineage } from './lineage.ts';
import { conflict } from './problems.ts';
import type { Supervisor } from './supervisor.ts';

export function dependentsOf(workspace: Workspace, run: Run) {
  const { runs } = workspace;
  const directory = runs.directoryOf(run);
  const others = runs.list().map(({ id, config }) => ({ id, config: config as AnyConfig }));
  const { predictions, submissions, labels } = runs.recordsOf(run.id);
  return {
    predictions,
    submissions: [...submissions],
    ensembles: others.flatMap(({ id, config }) =>
      isEnsemble(config) && config.members.includes(run.id) ? [id] : [],
    ),
    startedFrom: others.flatMap(({ id, config }) =>
      !isEnsemble(config) && config.start?.run === run.id ? [id] : [],
    ),
    labels,
    bytes: readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0),
  };
}

/**
 * Deletes a run and the ensembles that it is a member of.
 * @throws CONFLICT while one of them is worked on, and when the ensembles are not those that the caller knows of
 */
export function deleteRun(
  workspace: Workspace,
  supervisor: Supervisor,
  run: Run,
  known: readonly number[],
): number[] {
  const { ensembles } = dependentsOf(workspace, run);
  if (ensembles.toSorted().join() !== known.toSorted().join())
    throw conflict(
      ensembles.length === 0
        ? `Run ${run.id} is a member of no ensemble.`
        : `Run ${run.id} is a member of ensembles that would go with it: ${ensembles.join(', ')}.`,
    );
  const ids = [run.id, ...ensembles];
  const busy = ids.find((id) => supervisor.underway(id));
  if (busy !== undefined) throw conflict(`Run ${busy} is being worked on.`, { hint: 'Stop it first.' });
  workspace.runs.delete(ids);
  return ids;
}

export function lineageOf({ snapshots, submissions }: Workspace, run: Run) {
  const { fiducial, commit = null, ...machine } = run.lineage as Lineage & { commit?: string | null };
  const { id, createdAt, labels } = snapshots.get(run.snapshotId)!;
  return {
    version: fiducial,
    commit,
    ...machine,
    engineVersion: (run.metrics as TrainResult | null)?.engineVersion ?? null,
    snapshot: { id, createdAt: createdAt.toISOString(), labels },
    submissions: submissions
      .list()
      .filter(({ runId }) => runId === run.id)
      .map((written) => ({
        ...{ id: written.id, path: written.path, sha256: written.sha256 },
        createdAt: written.createdAt.toISOString(),
      })),
  };
}
