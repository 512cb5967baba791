/** Import of the competition's tables into a workspace. */
import { setTimeout } from 'node:timers/promises';
import type { Workspace } from '../workspace.ts';
import { explained } from './failures.ts';
import { mergeTables } from './merge.ts';
import { readTables } from './read.ts';
import type { ImportReport } from './report.ts';
import { emptyReport } from './report.ts';
import { ScratchFile } from './scratch.ts';

/** In milliseconds: nothing else goes on while the transaction is written. */
const moment = 20;

interface ImportProgress {
  readonly stage: 'reading' | 'writing';
  /** The table that is being read; '' while writing. */
  readonly file: string;
  /** Rows of it that have been read. */
  readonly rows: number;
  /** How much of it, 0 to 1. */
  readonly share: number;
}

export interface ImportOptions {
  /** A column of the training or test table that tells the person or scene of each picture. */
  readonly groupColumn?: string | undefined;
  /** What errors and the report call the path, where it is none that the person knows. */
  readonly shownAs?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Imports the competition's archive, a folder, or a single table or zip archive; tables are told by their headers.
 *
 * All or nothing. First everything is read and checked, in steps that let other work go on and with the pixels in a
 * scratch file, so memory does not grow with the archive. Then it is written in one synchronous transaction of about a
 * second for the competition's archive. Until that commits, the workspace is as it was, whatever happens.
 *
 * Labels go through the journal as one change of the actor `import`. How they meet labels that are there already is
 * told in merge.ts: an import fills missing cells and never overwrites.
 *
 * @throws InputProblem when the input is at fault; the signal's reason when it was aborted
 */
export async function importArchive(
  workspace: Workspace,
  path: string,
  { groupColumn, shownAs = path, onProgress, signal }: ImportOptions = {},
): Promise<ImportReport> {
  const begun = performance.now();
  const report = emptyReport(shownAs);
  signal?.throwIfAborted();
  try {
    await using scratch = await ScratchFile.create();
    const tables = await readTables(path, {
      shownAs,
      schema: workspace.schema,
      groupColumn,
      scratch,
      report,
      signal,
      onRows: (file, rows, share) => onProgress?.({ stage: 'reading', file, rows, share }),
    });
    onProgress?.({ stage: 'writing', file: '', rows: 0, share: 0 });
    await setTimeout(moment); // for whoever is told, and for a signal that is on its way
    signal?.throwIfAborted();
    workspace.transaction(() => {
      mergeTables(workspace, tables, scratch, report);
      report.duplicates.nearGroups = workspace.images.duplicateGroups().length;
      report.seconds = (performance.now() - begun) / 1000;
      report.rowsPerSecond = report.rows / report.seconds;
      if (report.importId !== null) workspace.imports.finish(report.importId, report);
    });
  } catch (error) {
    throw explained(error, workspace.directory);
  }
  return report;
}
