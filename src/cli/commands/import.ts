/** fiducial import PATH */
import { count, counted, duration } from '../format.ts';
import { Interrupted } from '../failure.ts';
import { Progress } from '../progress.ts';
import type { Session } from '../session.ts';
import type { ImportReport } from '../../contract/imports.ts';

export interface ImportOptions {
  readonly groupColumn?: string;
}

export async function importPath(
  session: Session,
  path: string,
  options: ImportOptions,
): Promise<ImportReport> {
  session.terminal.note(`Reading ${path} into ${session.directory}`);
  const report = await runImport(session, path, options);
  session.terminal.print(describe(report));
  return report;
}

/** @throws Interrupted after Ctrl+C, with nothing imported. */
async function runImport(
  session: Session,
  path: string,
  { groupColumn }: ImportOptions,
): Promise<ImportReport> {
  const client = await session.client();
  const progress = await Progress.start(session.terminal, 'Importing');
  const cancel = () => void client.imports.cancel();
  try {
    const events = await client.imports.run({ path, groupColumn });
    if (session.interrupt.aborted) cancel();
    session.interrupt.addEventListener('abort', cancel);
    for await (const event of events) {
      if (event.type === 'done') return event.report;
      if (event.type === 'progress')
        progress.update(event.share, `${counted(event.rows, 'row')} of ${event.file}`);
    }
    throw new Interrupted('Stopped. Nothing was imported.');
  } finally {
    session.interrupt.removeEventListener('abort', cancel);
    progress.end();
  }
}

function describe(report: ImportReport): string {
  const { trainingImages, testImages, imagesAdded, labels, conflicts, duplicates, askedValues } = report;
  const sentences = [
    report.importId === null
      ? `Nothing new: all of it was in the workspace already (${duration(report.seconds)}).`
      : `Imported ${counted(trainingImages, 'training image')} and ${counted(testImages, 'test image')} in ${duration(report.seconds)}: ${count(imagesAdded)} new, ${counted(labels.added + labels.merged, 'label')}.`,
    duplicates.exact === 0 ? '' : `${counted(duplicates.exact, 'image occurs', 'images occur')} twice.`,
    askedValues === 0 ? '' : `A submission gives ${counted(askedValues, 'value')}.`,
  ];
  const remarks = [
    ...remark(
      conflicts,
      'label kept though the file says otherwise',
      'labels kept though the file says otherwise',
    ),
    ...remark(
      report.outside,
      'label lies slightly outside its picture',
      'labels lie slightly outside their pictures',
    ),
    ...remark(
      report.disagreements,
      'row repeats a picture with other labels',
      'rows repeat a picture with other labels',
    ),
    ...remark(
      report.testInTraining,
      'test picture is a training picture too',
      'test pictures are training pictures too',
    ),
    ...report.ignored.map((file) => `${file} is none of the tables, and was left out`),
  ];
  return [sentences.filter(Boolean).join(' '), ...remarks.map((text) => `  ${text}`)].join('\n');
}

/** "3 rows repeat a picture with other labels, e.g. training.csv row 1,205" */
function remark(
  listed: ImportReport['conflicts' | 'outside' | 'disagreements' | 'testInTraining'],
  one: string,
  many: string,
): string[] {
  const first = listed.first[0];
  if (!first) return [];
  return [`${counted(listed.total, one, many)}, e.g. ${first.file} row ${count(first.row)}`];
}
