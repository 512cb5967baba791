/** The networks of runs, as the training process is told of them. */
import { type AnyConfig, isEnsemble } from '../ml/training/config.ts';
import type { RunModel, TrainerCommand } from '../ml/training/messages.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Of a finished run: its own network, or an ensemble's members'. @throws Error when a member is gone */
export function modelsOf(workspace: Workspace, run: Run): RunModel[] {
  const config = run.config as AnyConfig;
  if (!isEnsemble(config)) return [{ config, runDirectory: workspace.runs.directoryOf(run) }];
  return config.members.flatMap((id) => {
    const member = workspace.runs.get(id);
    if (!member) throw new Error(`Run ${id} of ensemble ${run.id} is not there.`);
    return modelsOf(workspace, member);
  });
}

/** An ensemble's members that have not finished: it waits for them. None for a training. */
export function unfinishedMembers({ runs }: Workspace, run: Run): Run[] {
  const config = run.config as AnyConfig;
  if (!isEnsemble(config)) return [];
  return config.members.flatMap((id) => runs.get(id) ?? []).filter(({ status }) => status !== 'finished');
}

/** Where a run's files and log go. */
export function placeOf(workspace: Workspace, run: Run) {
  return { workspace: workspace.directory, runDirectory: workspace.runs.directoryOf(run) };
}

/** What makes a queued run a finished one. */
export function workOf(workspace: Workspace, run: Run): TrainerCommand {
  const place = placeOf(workspace, run);
  const config = run.config as AnyConfig;
  return isEnsemble(config)
    ? { command: 'ensemble', ...place, models: modelsOf(workspace, run) }
    : { command: 'train', ...place, config };
}
