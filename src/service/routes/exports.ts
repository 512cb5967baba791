/** Files taken out of a workspace. */
import { writable } from '../caller.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { procedures } from '../procedures.ts';
import type { RunFinder } from '../run-finder.ts';

export function exportRoutes(holder: WorkspaceHolder, finder: RunFinder) {
  return {
    submission: procedures.exports.submission.handler(async ({ context, input }) => {
      const { exportSubmission } = await import('../exports.ts');
      using _exporting = holder.occupy('An export');
      const run = finder.finished(input.run);
      return await exportSubmission(holder.write(), run, writable(context, input.out));
    }),
    trainingCsv: procedures.exports.trainingCsv.handler(async ({ context, input }) => {
      const { exportLabels } = await import('../exports.ts');
      using _exporting = holder.occupy('An export');
      return await exportLabels(holder.read(), writable(context, input.out));
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
  };
}
