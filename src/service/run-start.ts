/** Runs from what a person asks for: the labels frozen, the rows chosen, what they start from copied. */
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartRequest } from '../contract/runs.ts';
import { readCheckpoint, writeCheckpoint } from '../ml/training/checkpoint.ts';
import {
  bestCheckpoint,
  type BestEpoch,
  keptCheckpoint,
  startCheckpoint,
  withPrefix,
} from '../ml/training/checkpoints.ts';
import { type AnyConfig, isEnsemble, type RowChoice, type RunConfig } from '../ml/training/config.ts';
import { splitFile, startSplitFile } from '../ml/training/split-file.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Caller, readable } from './caller.ts';
import type { ChangeFeed } from './changes.ts';
import type { StartChild } from './child.ts';
import { withEngine } from './engine-speed.ts';
import type { WorkspaceHolder } from './holder.ts';
import { lineage } from './lineage.ts';
import { conflict } from './problems.ts';
import { runConfig } from './run-config.ts';
import type { RunFinder } from './run-finder.ts';
import type { Selections } from './selections.ts';
import type { Supervisor } from './supervisor.ts';

/** What procedures on runs are made from. */
export interface RunParts {
  readonly holder: WorkspaceHolder;
  readonly finder: RunFinder;
  readonly supervisor: Supervisor;
  readonly feed: ChangeFeed;
  readonly selections: Selections;
  readonly startChild: StartChild;
}

/** What makes a run, before there is one. */
export interface PlannedRun {
  readonly config: RunConfig;
  /** The run that it starts from, and the file of that run's parameters. */
  readonly from: { readonly run: Run; readonly epoch: number | undefined } | undefined;
}

/**
 * Freezes the labels as they are.
 * @throws InputProblem or NOT_FOUND for what cannot be trained so; CONFLICT when the run to start from has no parameters yet
 */
export async function planRun(
  { holder, finder, selections, startChild }: RunParts,
  caller: Caller,
  { rows, from, ...request }: Omit<StartRequest, 'ensemble'>,
  signal?: AbortSignal,
): Promise<PlannedRun> {
  const workspace = holder.write();
  if (from && isEnsemble(finder.find(from.run).config as AnyConfig))
    throw conflict('A training cannot start from an ensemble.', { hint: 'Name one of its members.' });
  const start = from && { run: finder.find(from.run), epoch: from.epoch };
  const chosen: RowChoice =
    rows.kind === 'filter' ? { ...rows, images: await imagesOf(selections, rows.filter) } : rows;
  const allowed = <T>(value: T) => (typeof value === 'string' ? readable(caller, value) : value);
  const asked = runConfig(
    { ...request, spec: allowed(request.spec), recipe: allowed(request.recipe) },
    {
      snapshot: workspace.snapshots.take().id,
      rows: chosen,
      from: start && {
        config: start.run.config as RunConfig,
        start: { run: start.run.id, epoch: start.epoch ?? bestEpoch(workspace, start.run) },
      },
    },
  );
  return { config: await withEngine(asked, workspace, startChild, signal), from: start };
}

/** The run in the database, with its folder. */
export function createRun(workspace: Workspace, planned: PlannedRun): Run {
  const { config } = planned;
  const { engine, preset, seed, snapshot: snapshotId } = config;
  const run = workspace.runs.create({ engine, preset, seed, snapshotId, config, lineage: lineage() });
  copyStart(workspace, planned, workspace.runs.directoryOf(run));
  return run;
}

/** Puts what the run starts from into its folder, so that it goes on whatever becomes of the other run. */
function copyStart(workspace: Workspace, { from }: PlannedRun, directory: string): void {
  if (!from) return;
  const source = workspace.runs.directoryOf(from.run);
  const { tensors } =
    from.epoch === undefined
      ? readCheckpoint(join(source, bestCheckpoint))
      : readCheckpoint(keptCheckpoint(source, from.epoch));
  writeCheckpoint(join(directory, startCheckpoint), {
    meta: {},
    tensors: from.epoch === undefined ? tensors : withPrefix(tensors, 'parameters/'),
  });
  writeFileSync(join(directory, startSplitFile), readFileSync(join(source, splitFile)));
}

function bestEpoch(workspace: Workspace, run: Run): number {
  try {
    return readCheckpoint<BestEpoch>(join(workspace.runs.directoryOf(run), bestCheckpoint)).meta.epoch;
  } catch {
    throw conflict(`Run ${run.id} has no parameters to start from: it is ${run.status}.`);
  }
}

async function imagesOf(
  selections: Selections,
  filter: Parameters<Selections['matching']>[0],
): Promise<number[]> {
  const { catalogue, rows } = await selections.matching(filter);
  return [...catalogue.ids.filter((_, row) => rows[row] === 1)];
}
