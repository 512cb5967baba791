/** Files taken out of a workspace. */
import { basename, resolve } from 'node:path';
import { writable } from '../caller.ts';
import type { ChangeFeed } from '../changes.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { notFound } from '../problems.ts';
import { procedures } from '../procedures.ts';
import type { RunFinder } from '../run-finder.ts';

export function exportRoutes(holder: WorkspaceHolder, finder: RunFinder, feed: ChangeFeed) {
  return {
    submission: procedures.exports.submission.handler(async ({ context, input }) => {
      const { exportSubmission } = await import('../exports.ts');
      using _exporting = holder.occupy('An export');
      const run = finder.finished(input.run);
      const out = writable(context, input.out);
      const written = await exportSubmission(holder.write(), run, out, nameOf(input.out, out));
      feed.tell('submissions');
      return written;
    }),
    predictions: procedures.exports.predictions.handler(async ({ context, input }) => {
      const { exportPredictions } = await import('../exports.ts');
      using _exporting = holder.occupy('An export');
      return await exportPredictions(holder.read(), finder.finished(input.run), writable(context, input.out));
    }),
    trainingCsv: procedures.exports.trainingCsv.handler(async ({ context, input }) => {
      const { exportLabels } = await import('../exports.ts');
      using _exporting = holder.occupy('An export');
      return await exportLabels(holder.read(), writable(context, input.out));
    }),
    trainingPreview: procedures.exports.trainingPreview.handler(async () => {
      const { previewTraining } = await import('../training-preview.ts');
      return previewTraining(holder.read());
    }),
    model: procedures.exports.model.handler(async ({ context, input }) => {
      const { exportModel } = await import('../export-model.ts');
      using _exporting = holder.occupy('An export');
      const run = finder.finished(input.run);
      return await exportModel(holder.read(), run, writable(context, input.out));
    }),
    tensorflowJs: procedures.exports.tensorflowJs.handler(async ({ context, input }) => {
      const { exportTensorflowJs } = await import('../export-model.ts');
      using _exporting = holder.occupy('An export');
      const run = finder.finished(input.run);
      return await exportTensorflowJs(holder.read(), run, writable(context, input.out));
    }),
    report: procedures.exports.report.handler(async ({ context, input }) => {
      const { exportReport } = await import('../exports.ts');
      using _exporting = holder.occupy('An export');
      const run = finder.finished(input.run);
      return await exportReport(holder.read(), run, writable(context, input.out));
    }),
  };
}

/** A path; for a download its name, because the browser puts it somewhere else. @param out where it is written first */
const nameOf = (asked: string, out: string) => (asked === out ? resolve(out) : basename(out));

export function submissionRoutes(holder: WorkspaceHolder, finder: RunFinder, feed: ChangeFeed) {
  return {
    preview: procedures.submissions.preview.handler(async ({ input }) => {
      const { previewSubmission } = await import('../submission-preview.ts');
      return previewSubmission(holder.read(), finder.finished(input.run), input.against);
    }),
    list: procedures.submissions.list.handler(async () => {
      const { viewSubmissions } = await import('../submissions.ts');
      return viewSubmissions(holder.read());
    }),
    score: procedures.submissions.score.handler(async ({ input: { id, score } }) => {
      const { viewSubmissions } = await import('../submissions.ts');
      const workspace = holder.write();
      if (!workspace.submissions.setScore(id, score)) throw notFound(`There is no submission ${id}.`);
      feed.tell('submissions');
      return viewSubmissions(workspace);
    }),
  };
}
