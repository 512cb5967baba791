/**
 * The second half of an import: what was read is added to what the workspace holds, within one transaction.
 *
 * An import fills cells and never overwrites one. For every place that a training row gives:
 * - the cell is missing and nobody ever spoke of it, or only imports or models did: it takes the place;
 * - the cell holds the same place already: nothing changes;
 * - the cell holds something else, whoever put it there, or a person cleared it: it stays as it is, and the conflict is
 *   reported. Of two rows for one picture the first one thus wins.
 * A row that was imported before, with the same picture and the same places, says nothing again: what people have done
 * since is not even a conflict. A table none of whose rows says anything new is not recorded.
 */
import type { Label } from '../../domain/label.ts';
import { isPlaced, missing } from '../../domain/label.ts';
import { InputProblem } from '../../domain/problem.ts';
import type { CellChange } from '../journal.ts';
import type { SourceRow } from '../sources.ts';
import type { Workspace } from '../workspace.ts';
import type { LookupTable, PictureTable, ReadTable, StagedRow } from './read.ts';
import type { Conflict, ImportReport, RowPlace } from './report.ts';
import { list } from './report.ts';
import type { ScratchFile } from './scratch.ts';
import { count, excerpt, nothingImported } from './words.ts';

/** What this import knows of a picture. */
interface ImageState {
  readonly id: number;
  /** Not in the workspace before this import. */
  readonly isNew: boolean;
  /** As they are, or will be when the changes are applied. */
  readonly labels: Label[];
  /** In which of these tables it stands. */
  readonly kinds: Set<'training' | 'test'>;
  /** Rows of these tables that hold it. */
  readonly rows: (RowPlace & { readonly points?: readonly number[]; readonly group?: string })[];
}

/**
 * Adds the tables to the workspace; training before test before lookup, whatever their order. Call it within a
 * transaction.
 * @param scratch the staged pixels
 * @throws InputProblem when the tables contradict each other or the workspace
 */
export function mergeTables(
  workspace: Workspace,
  tables: readonly ReadTable[],
  scratch: ScratchFile,
  report: ImportReport,
): void {
  const merge = new Merge(workspace, scratch, report);
  for (const table of tables) if (table.kind === 'training') merge.addTraining(table);
  for (const table of tables) if (table.kind === 'test') merge.addTest(table);
  for (const table of tables) if (table.kind === 'lookup') merge.setLookup(table);
  for (const table of tables) if (table.kind === 'sample-submission') merge.checkSample(table);
  merge.finish();
}

class Merge {
  readonly #workspace: Workspace;
  readonly #scratch: ScratchFile;
  readonly #report: ImportReport;
  readonly #images = new Map<number, ImageState>();
  /** Of the pictures that are new, by image id. */
  readonly #thumbnails = new Map<number, Float32Array>();
  readonly #changes: CellChange[] = [];
  readonly #trainingIds: Set<number>;
  readonly #imageByKey: Map<string, number>;
  #asked: LookupTable | undefined;

  constructor(workspace: Workspace, scratch: ScratchFile, report: ImportReport) {
    this.#workspace = workspace;
    this.#scratch = scratch;
    this.#report = report;
    this.#trainingIds = workspace.sources.imageIds('training');
    this.#imageByKey = workspace.sources.imagesByKey();
  }

  addTraining(table: PictureTable): void {
    const pixels = new Uint8Array(table.side ** 2);
    let brought = false;
    const rows = table.rows.map((row): SourceRow => {
      const image = this.#image(table, row, pixels);
      const saidBefore = this.#wasImported(image, row);
      if (saidBefore) this.#report.labels.unchanged += placed(row.points!);
      else if (this.#mergeRow(image, table.file, row)) brought = true;
      this.#noteRow(image, table.file, row);
      if (!this.#trainingIds.has(image.id)) brought = true;
      this.#trainingIds.add(image.id);
      return { row: row.row, imageId: image.id, ...group(row), points: new Float32Array(row.points!) };
    });
    this.#record(table, rows, brought);
  }

  addTest(table: PictureTable): void {
    const pixels = new Uint8Array(table.side ** 2);
    let brought = false;
    const rows = table.rows.map((row): SourceRow => {
      const key = row.key!;
      const image = this.#image(table, row, pixels);
      const known = this.#imageByKey.get(key);
      if (known !== undefined && known !== image.id)
        throw new InputProblem('The ImageId already names another picture.', {
          file: table.file,
          row: row.row,
          column: 'ImageId',
          found: excerpt(key),
          expected: 'every ImageId once',
          hint: `Import it into a workspace of its own. ${nothingImported}`,
        });
      if (known === undefined) brought = true;
      this.#imageByKey.set(key, image.id);
      this.#noteRow(image, table.file, row);
      if (this.#trainingIds.has(image.id))
        list(this.#report.testInTraining, { file: table.file, row: row.row, imageKey: key });
      return { row: row.row, imageId: image.id, imageKey: key, ...group(row) };
    });
    this.#record(table, rows, brought);
  }

  /** The last lookup table imported is what a submission must answer. */
  setLookup(table: LookupTable): void {
    if (this.#asked && !sameRows(this.#asked.rows, table.rows))
      throw new InputProblem(`This is another lookup table than ${this.#asked.file}.`, {
        file: table.file,
        expected: 'one lookup table',
        hint: `Remove one of them. ${nothingImported}`,
      });
    for (const { row, imageKey } of table.rows)
      if (!this.#imageByKey.has(imageKey))
        throw new InputProblem('There is no such test image.', {
          file: table.file,
          row,
          column: 'ImageId',
          found: excerpt(imageKey),
          expected: `an ImageId of the test table, which has ${count(this.#imageByKey.size)}`,
          hint: `Import the lookup table together with its test table. ${nothingImported}`,
        });
    const { submissions } = this.#workspace;
    const brought = this.#asked === undefined && !sameRows(submissions.lookup(), table.rows);
    if (brought) {
      submissions.setLookup(table.rows);
      this.#workspace.sources.add({ importId: this.#importId(), kind: 'lookup', fileName: table.file });
    }
    this.#asked = table;
    this.#report.askedValues = table.rows.length;
    this.#note(table, brought);
  }

  /** The sample says nothing but which rows a submission has; they must be the lookup table's. */
  checkSample(table: Extract<ReadTable, { kind: 'sample-submission' }>): void {
    const asked = this.#asked?.rows;
    const wrong = asked && table.rows.find(({ rowId }, i) => rowId !== asked[i]?.rowId);
    if (asked && (wrong || asked.length !== table.rows.length))
      throw new InputProblem('The sample submission and the lookup table do not ask for the same rows.', {
        file: table.file,
        ...(wrong ? { row: wrong.row, column: 'RowId' } : {}),
        found: wrong ? String(wrong.rowId) : `${count(table.rows.length)} rows`,
        expected: wrong
          ? String(asked[table.rows.indexOf(wrong)]?.rowId ?? 'no further row')
          : `${count(asked.length)} rows`,
        hint: `One of them may be cut off: download it again. ${nothingImported}`,
      });
    this.#note(table, false);
  }

  finish(): void {
    this.#workspace.images.groupAdded(this.#thumbnails);
    if (this.#changes.length > 0)
      this.#workspace.journal.apply({
        actor: { kind: 'import', name: String(this.#importId()) },
        changes: this.#changes,
      });
    for (const { isNew, kinds, rows } of this.#images.values()) {
      if (kinds.has('training')) this.#report.trainingImages++;
      if (kinds.has('test')) this.#report.testImages++;
      if (isNew) this.#report.imagesAdded++;
      if (rows.length > 1) this.#report.duplicates.exact++;
    }
  }

  /** Begins the import when there is something to record: one that brings nothing leaves no trace. */
  #importId(): number {
    return (this.#report.importId ??= this.#workspace.imports.begin(this.#report.path));
  }

  #image(table: PictureTable, row: StagedRow, pixels: Uint8Array): ImageState {
    const { images, labels } = this.#workspace;
    this.#scratch.read(row.pixelsAt, pixels);
    const { id, added } = images.add({ width: table.side, height: table.side, pixels }, row.fingerprint);
    if (added) this.#thumbnails.set(id, row.fingerprint.thumbnail);
    let image = this.#images.get(id);
    if (!image) {
      image = {
        id,
        isNew: added,
        labels: added ? this.#unlabelled() : labels.of(id),
        kinds: new Set(),
        rows: [],
      };
      this.#images.set(id, image);
    }
    image.kinds.add(table.kind);
    return image;
  }

  #unlabelled(): Label[] {
    return this.#workspace.schema.keypoints.map(() => missing);
  }

  /** Whether a row of these tables or of an earlier import said exactly the same. */
  #wasImported(image: ImageState, row: StagedRow): boolean {
    const points = new Float32Array(row.points!);
    const before = image.isNew ? [] : this.#workspace.sources.rowsOf(image.id);
    return [...image.rows, ...before].some(
      (known) =>
        known.points && samePoints(new Float32Array(known.points), points) && known.group === row.group,
    );
  }

  /** @returns whether the row said anything new */
  #mergeRow(image: ImageState, file: string, row: StagedRow): boolean {
    let isNews = row.group !== undefined;
    const { labels: counts, conflicts } = this.#report;
    this.#workspace.schema.keypoints.forEach((name, keypoint) => {
      const [x, y] = [row.points![2 * keypoint]!, row.points![2 * keypoint + 1]!];
      if (Number.isNaN(x)) return;
      const imported: Label = { state: 'visible', x, y };
      const kept = image.labels[keypoint]!;
      if (isPlaced(kept) && kept.x === x && kept.y === y) {
        counts.unchanged++;
        return;
      }
      isNews = true;
      const keptFrom = this.#authorOf(image, keypoint);
      if (kept.state === 'missing' && keptFrom !== 'human') {
        image.labels[keypoint] = imported;
        this.#changes.push({ imageId: image.id, keypoint, after: imported });
        counts[image.isNew ? 'added' : 'merged']++;
      } else list(conflicts, { file, row: row.row, keypoint: name, kept, keptFrom, imported: { x, y } });
    });
    return isNews;
  }

  /** Whom a cell is due to: this import, for all that it has filled itself. */
  #authorOf(image: ImageState, keypoint: number): Conflict['keptFrom'] {
    if (image.isNew) return 'import';
    return this.#workspace.labels.authorsOf(image.id)[keypoint]?.kind ?? 'import';
  }

  #noteRow(image: ImageState, file: string, { row, points, group }: StagedRow): void {
    const other = points && image.rows.find((known) => known.points && !samePoints(known.points, points));
    if (other) list(this.#report.disagreements, { file, row, sameAs: { file: other.file, row: other.row } });
    image.rows.push({ file, row, ...(points ? { points } : {}), ...(group ? { group } : {}) });
  }

  #record(table: PictureTable, rows: readonly SourceRow[], brought: boolean): void {
    if (brought) {
      const { sources } = this.#workspace;
      const sourceId = sources.add({ importId: this.#importId(), kind: table.kind, fileName: table.file });
      for (const row of rows) sources.addRow(sourceId, row);
    }
    this.#note(table, brought);
  }

  #note({ file, kind, rows }: ReadTable, brought: boolean): void {
    this.#report.tables.push({ file, kind, rows: rows.length, brought });
    this.#report.rows += rows.length;
  }
}

function group({ group }: StagedRow): { group?: string } {
  return group === undefined ? {} : { group };
}

function placed(points: readonly number[]): number {
  return points.filter((value) => !Number.isNaN(value)).length / 2;
}

function samePoints(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

type Asked = Pick<LookupTable['rows'][number], 'rowId' | 'imageKey' | 'keypoint' | 'axis'>;

function sameRows(a: readonly Asked[], b: readonly Asked[]): boolean {
  return (
    a.length === b.length &&
    a.every((row, i) => {
      const other = b[i]!;
      return (
        row.rowId === other.rowId &&
        row.imageKey === other.imageKey &&
        row.keypoint === other.keypoint &&
        row.axis === other.axis
      );
    })
  );
}
