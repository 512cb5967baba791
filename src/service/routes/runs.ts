/** Trainings, and finished runs at work. */
import { join } from 'node:path';
import { goBackTo, keptEpochs } from '../../ml/training/checkpoints.ts';
import { curvesFile, readCurves } from '../../ml/training/curves.ts';
import { detailFile, readDetail } from '../../ml/training/epoch-detail.ts';
import type { Run } from '../../workspace/runs.ts';
import type { CatalogueShelf } from '../catalogue.ts';
import type { ChangeFeed } from '../changes.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { conflict, explainingEach } from '../problems.ts';
import { procedures } from '../procedures.ts';
import type { RunFinder } from '../run-finder.ts';
import type { RunParts } from '../run-start.ts';
import { viewDetail, viewRun } from '../run-view.ts';
import type { Supervisor } from '../supervisor.ts';

export function runRoutes(parts: RunParts & { supervisor: Supervisor }) {
  const { holder, supervisor, finder } = parts;
  /** As the database has it now. */
  const view = ({ id }: Run) => viewRun(holder.read(), holder.read().runs.get(id)!, supervisor.underway(id));
  const pausing = (paused: boolean) =>
    procedures.runs[paused ? 'pause' : 'goOn'].handler(({ input }) => {
      const run = finder.find(input.run);
      if (supervisor.underway(run.id)?.ahead !== null)
        throw conflict(`Run ${run.id} is not running here: it is ${run.status}.`);
      supervisor.pause(run.id, paused);
      return view(run);
    });

  return {
    start: procedures.runs.start.handler(async ({ context, input, signal }) => {
      const { planRun, copyStart } = await import('../run-start.ts');
      const { lineage } = await import('../lineage.ts');
      const planned = await planRun(parts, context, input, signal);
      const { engine, preset, seed, snapshot: snapshotId } = planned.config;
      const workspace = holder.write();
      const run = workspace.runs.create({
        ...{ engine, preset, seed, snapshotId },
        config: planned.config,
        lineage: lineage(),
      });
      copyStart(workspace, planned, workspace.runs.directoryOf(run));
      supervisor.enqueue(run);
      return view(run);
    }),
    resume: procedures.runs.resume.handler(({ input: { run: reference, epoch } }) => {
      const workspace = holder.write();
      const run = finder.find(reference);
      const waits = run.status === 'queued' && !supervisor.underway(run.id);
      if (run.status !== 'stopped' && run.status !== 'failed' && !waits)
        throw conflict(`Run ${run.id} cannot be resumed: it is ${run.status}.`);
      if (epoch !== undefined) goBackTo(workspace.runs.directoryOf(run), epoch);
      supervisor.enqueue(run);
      return view(run);
    }),
    pause: pausing(true),
    goOn: pausing(false),
    stop: procedures.runs.stop.handler(async ({ input }) => {
      const run = finder.find(input.run);
      if (!supervisor.underway(run.id))
        throw conflict(`Run ${run.id} is not running here: it is ${run.status}.`);
      await supervisor.stop(run.id);
      return view(run);
    }),
    list: procedures.runs.list.handler(() => finder.list().map(view)),
    get: procedures.runs.get.handler(({ input }) => {
      const run = finder.find(input.run);
      const seen = view(run);
      const detail = readDetail(join(seen.directory, detailFile));
      return {
        ...seen,
        curve: readCurves(join(seen.directory, curvesFile)),
        config: run.config,
        worst: detail ? viewDetail(holder.read(), detail).worst : null,
        checkpoints: keptEpochs(seen.directory),
      };
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
