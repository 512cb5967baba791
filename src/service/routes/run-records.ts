/** Runs that there are: what became of them, what people say of them, how they compare. */
import { join } from 'node:path';
import type { RunView } from '../../contract/runs.ts';
import { keptEpochs } from '../../ml/training/checkpoints.ts';
import { curvesFile, readCurves } from '../../ml/training/curves.ts';
import { detailFile, readDetail } from '../../ml/training/epoch-detail.ts';
import type { Run } from '../../workspace/runs.ts';
import { procedures } from '../procedures.ts';
import { deleteRun, dependentsOf, lineageOf } from '../run-records.ts';
import type { RunParts } from '../run-start.ts';
import { viewDetail } from '../run-view.ts';

/** @param view a run as the database has it now */
export function recordRoutes({ holder, supervisor, finder, feed }: RunParts, view: (run: Run) => RunView) {
  return {
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
        lineage: lineageOf(holder.read(), run),
      };
    }),
    edit: procedures.runs.edit.handler(({ input: { run: reference, tags, note, archived } }) => {
      const workspace = holder.write();
      const run = finder.find(reference);
      workspace.runs.update(run.id, {
        ...(tags === undefined ? {} : { tags: [...new Set(tags)] }),
        ...(note === undefined ? {} : { note }),
        ...(archived === undefined ? {} : { archivedAt: archived ? (run.archivedAt ?? new Date()) : null }),
      });
      feed.tell('runs');
      return view(run);
    }),
    dependents: procedures.runs.dependents.handler(({ input }) =>
      dependentsOf(holder.read(), finder.find(input.run)),
    ),
    delete: procedures.runs.delete.handler(({ input }) => {
      const deleted = deleteRun(holder.write(), supervisor, finder.find(input.run), input.ensembles);
      feed.tell('runs');
      feed.tell('predictions');
      return { deleted };
    }),
    compare: procedures.runs.compare.handler(async ({ input, signal }) => {
      const { compare } = await import('../compare.ts');
      using _comparing = holder.occupy('A comparison');
      const runs = input.runs.map((reference) => finder.finished(reference));
      return compare(holder.read(), supervisor, runs, signal);
    }),
    placed: procedures.runs.placed.handler(async ({ input }) => {
      const { placedBy } = await import('../placed.ts');
      return placedBy(holder.read(), finder.finished(input.run), input.imageIds);
    }),
    evaluate: procedures.runs.evaluate.handler(async ({ input, signal }) => {
      const workspace = holder.write();
      using _evaluating = holder.occupy('An evaluation');
      const run = finder.finished(input.run);
      const { validation, baselines, uncertainty, labelNoise, validationImages } = await supervisor.evaluate(
        run,
        signal,
      );
      const judged = { validation, baselines, uncertainty, labelNoise, validationImages };
      workspace.runs.update(run.id, { metrics: { ...(run.metrics as object), ...judged } });
      return view(run);
    }),
  };
}
