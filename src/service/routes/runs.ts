/** Trainings, and finished runs at work. */
import { join } from 'node:path';
import { curvesFile, readCurves } from '../../ml/training/curves.ts';
import type { Run } from '../../workspace/runs.ts';
import { readable } from '../caller.ts';
import type { CatalogueShelf } from '../catalogue.ts';
import type { StartChild } from '../child.ts';
import type { ChangeFeed } from '../changes.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { conflict, explainingEach } from '../problems.ts';
import { procedures } from '../procedures.ts';
import type { RunFinder } from '../run-finder.ts';
import { viewRun } from '../run-view.ts';
import type { Supervisor } from '../supervisor.ts';

export function runRoutes(
  holder: WorkspaceHolder,
  supervisor: Supervisor,
  finder: RunFinder,
  startChild: StartChild,
) {
  /** As the database has it now. */
  const view = ({ id }: Run) => viewRun(holder.read(), holder.read().runs.get(id)!);

  return {
    start: procedures.runs.start.handler(async ({ context, input, signal }) => {
      const [spec, recipe] = [input.spec, input.recipe].map((path) => path && readable(context, path));
      const { runConfig } = await import('../run-config.ts');
      const { withEngine } = await import('../engine-speed.ts');
      const { lineage } = await import('../lineage.ts');
      const workspace = holder.write();
      const { id: snapshotId } = workspace.snapshots.take();
      const asked = runConfig({ ...input, spec, recipe }, snapshotId);
      const config = await withEngine(asked, workspace, startChild, signal);
      const { engine, preset, seed } = config;
      const run = workspace.runs.create({ engine, preset, seed, snapshotId, config, lineage: lineage() });
      supervisor.start(run, false);
      return view(run);
    }),
    resume: procedures.runs.resume.handler(({ input }) => {
      holder.write();
      const run = finder.find(input.run);
      if (run.status !== 'stopped' && run.status !== 'failed')
        throw conflict(`Run ${run.id} cannot be resumed: it is ${run.status}.`);
      supervisor.start(run, true);
      return view(run);
    }),
    stop: procedures.runs.stop.handler(async ({ input }) => {
      const run = finder.find(input.run);
      if (!supervisor.isRunning(run.id))
        throw conflict(`Run ${run.id} is not running here: it is ${run.status}.`);
      await supervisor.stop(run.id);
      return view(run);
    }),
    list: procedures.runs.list.handler(() => finder.list().map((run) => viewRun(holder.read(), run))),
    get: procedures.runs.get.handler(({ input }) => {
      const run = finder.find(input.run);
      const seen = view(run);
      return { ...seen, curve: readCurves(join(seen.directory, curvesFile)), config: run.config };
    }),
    watch: procedures.runs.watch.handler(({ input, signal }) =>
      explainingEach(supervisor.watch(finder.find(input.run).id, signal)),
    ),
    evaluate: procedures.runs.evaluate.handler(async ({ input, signal }) => {
      const workspace = holder.write();
      using _evaluating = holder.occupy('An evaluation');
      const run = finder.finished(input.run);
      const { validation, baselines } = await supervisor.evaluate(run, signal);
      workspace.runs.update(run.id, { metrics: { ...(run.metrics as object), validation, baselines } });
      return view(run);
    }),
  };
}

export function predictionRoutes(
  holder: WorkspaceHolder,
  supervisor: Supervisor,
  finder: RunFinder,
  { shelf, feed }: { shelf: CatalogueShelf; feed: ChangeFeed },
) {
  return {
    make: procedures.predictions.make.handler(async ({ input, signal }) => {
      const { makePredictions } = await import('../predictions.ts');
      const run = finder.finished(input.run);
      const parts = { holder, supervisor, catalogue: shelf.current() };
      return explainingEach(makePredictions(parts, run, signal, () => feed.tell('predictions')));
    }),
  };
}
