/** Several finished runs as one. */
import { type AnyConfig, type EnsembleConfig, isEnsemble } from '../ml/training/config.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { lineage } from './lineage.ts';
import { conflict } from './problems.ts';

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
