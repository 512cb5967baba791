/** fiducial export submission | predictions | training-csv | model | report */
import { bytes, count } from '../format.ts';
import type { Session } from '../session.ts';

interface RunOptions {
  readonly run: number | 'latest';
  readonly out: string;
}

export async function exportSubmission(session: Session, { run, out }: RunOptions) {
  session.terminal.note(`Writing ${out}`);
  const client = await session.client();
  const submission = await client.exports.submission({ run, out });
  const { path, rows, clipped, runId } = submission;
  session.terminal.print(
    `Wrote ${path} from run ${runId}: ${count(rows)} rows, ${count(clipped)} values clipped to the picture.`,
  );
  return { ...submission, written: { submission: path } };
}

export async function exportPredictions(session: Session, { run, out }: RunOptions) {
  session.terminal.note(`Writing ${out}`);
  const client = await session.client();
  const predictions = await client.exports.predictions({ run, out });
  const { path, rows, runId } = predictions;
  session.terminal.print(
    `Wrote ${path} from run ${runId}: ${count(rows)} places, each with the radius that holds nine of ten such places.`,
  );
  return { ...predictions, written: { predictions: path } };
}

export async function exportTrainingCsv(session: Session, { out }: Pick<RunOptions, 'out'>) {
  session.terminal.note(`Writing ${out}`);
  const client = await session.client();
  const labels = await client.exports.trainingCsv({ out });
  session.terminal.print(`Wrote ${labels.path}: ${count(labels.rows)} rows, ${bytes(labels.bytes)}.`);
  return { ...labels, written: { labels: labels.path } };
}

export async function exportModel(
  session: Session,
  { run, out, format }: RunOptions & { readonly format: 'onnx' | 'tfjs' },
) {
  session.terminal.note(`Writing ${out}`);
  const { exports } = await session.client();
  const model = await exports[format === 'tfjs' ? 'tensorflowJs' : 'model']({ run, out });
  session.terminal.print(
    `Wrote ${model.path} from run ${model.runId} (${bytes(model.bytes)}). Its metadata says how a picture goes in and what comes out.`,
  );
  return { ...model, written: { model: model.path } };
}

export async function exportReport(session: Session, { run, out }: RunOptions) {
  session.terminal.note(`Writing ${out}`);
  const client = await session.client();
  const report = await client.exports.report({ run, out });
  session.terminal.print(
    `Wrote ${report.path} about run ${report.runId} (${bytes(report.bytes)}). It needs nothing beside it.`,
  );
  return { ...report, written: { report: report.path } };
}
