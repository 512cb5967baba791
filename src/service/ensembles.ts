/** Several runs as one: their places averaged. */
import { type AnyConfig, type EnsembleConfig, isEnsemble, type RunConfig } from '../ml/training/config.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { lineage } from './lineage.ts';
import { conflict } from './problems.ts';

/** Seconds for judging so many members together and predicting by them; one alone does that by itself. */
export const averagingSeconds = (members: number): number => (members > 1 ? 3 + 3 * members : 0);

/** Trainings that differ in their seeds. A time limit is that of all, with what it takes to average them; one has all of it. */
export function memberConfigs(config: RunConfig, members: number): RunConfig[] {
  const { timeLimit } = config;
  const share =
    timeLimit === undefined
      ? {}
      : { timeLimit: Math.max(timeLimit / (2 * members), (timeLimit - averagingSeconds(members)) / members) };
  return Array.from({ length: members }, (_, i) => ({ ...config, seed: config.seed + i, ...share }));
}

/** @throws CONFLICT when a member is named twice or is an ensemble itself */
export function createEnsemble({ runs, snapshots }: Workspace, members: readonly Run[]): Run {
  const twice = members.find((run, i) => members.findIndex(({ id }) => id === run.id) !== i);
  if (twice) throw conflict(`Run ${twice.id} is named twice.`);
  const ensemble = members.find(({ config }) => isEnsemble(config as AnyConfig));
  if (ensemble) throw conflict(`Run ${ensemble.id} is an ensemble itself.`, { hint: 'Name its members.' });
  const position = ({ snapshotId }: Run) => snapshots.get(snapshotId)!.position;
  const ordered = members.toSorted((a, b) => position(b) - position(a));
  const { snapshotId, engine } = ordered[0]!;
  const config: EnsembleConfig = {
    preset: 'ensemble',
    members: ordered.map(({ id }) => id),
    snapshot: snapshotId,
  };
  return runs.create({ engine, preset: config.preset, seed: 0, snapshotId, config, lineage: lineage() });
}
