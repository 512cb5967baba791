/** A workspace: a folder with one SQLite database, which holds the pictures too, and the files of runs beside it. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputProblem } from '../domain/problem.ts';
import type { KeypointSchema } from '../domain/schema.ts';
import { face15 } from '../domain/schema.ts';
import type { Database } from './database.ts';
import { openForReading, openForWriting } from './database.ts';
import { JournalHistory } from './history.ts';
import { ImageStore } from './images.ts';
import { ImportStore } from './imports.ts';
import { Journal } from './journal.ts';
import { LabelStore } from './labels.ts';
import { PredictionStore } from './predictions.ts';
import { RelabelStore } from './relabels.ts';
import { RunStore } from './runs.ts';
import { WorkspaceSettings } from './settings.ts';
import { SnapshotStore } from './snapshots.ts';
import { SourceStore } from './sources.ts';
import { SubmissionStore } from './submissions.ts';
import { VerdictStore } from './verdicts.ts';
import { WriterLock } from './writer-lock.ts';

export interface OpenOptions {
  /** Make the workspace where there is none. */
  readonly create?: boolean;
  /** The keypoints of a workspace that is made; one that exists keeps its own. */
  readonly schema?: KeypointSchema;
}

export class Workspace {
  readonly directory: string;
  readonly schema: KeypointSchema;
  readonly images: ImageStore;
  readonly imports: ImportStore;
  readonly sources: SourceStore;
  readonly labels: LabelStore;
  readonly journal: Journal;
  readonly history: JournalHistory;
  readonly snapshots: SnapshotStore;
  readonly runs: RunStore;
  readonly predictions: PredictionStore;
  readonly submissions: SubmissionStore;
  readonly relabels: RelabelStore;
  readonly verdicts: VerdictStore;
  readonly settings: WorkspaceSettings;
  readonly #database: Database;
  readonly #lock: WriterLock | undefined;

  /**
   * Opens a workspace for its one writer.
   * @throws InputProblem when there is none (and `create` is not set), when another process is its writer (named by its
   * pid), or when its database is damaged, not a workspace's, or written by a newer version.
   */
  static open(directory: string, { create = false, schema = face15 }: OpenOptions = {}): Workspace {
    if (!create) requireDatabase(directory);
    const lock = lockFolder(directory);
    try {
      const database = openForWriting(databaseFile(directory));
      database.sql.prepare(`INSERT OR IGNORE INTO setting VALUES ('schema', ?)`).run(JSON.stringify(schema));
      const workspace = new Workspace(directory, database, lock);
      workspace.runs.finishDeletions();
      return workspace;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Opens a workspace for reading, beside its writer if there is one: neither ever waits for the other. What the writer
   * commits is seen by the next call.
   * @throws InputProblem as open(), save for the writer: OutdatedWorkspace when it has to be opened for writing first
   */
  static openReadOnly(directory: string): Workspace {
    requireDatabase(directory);
    return new Workspace(directory, openForReading(databaseFile(directory)), undefined);
  }

  private constructor(directory: string, database: Database, lock: WriterLock | undefined) {
    this.directory = directory;
    this.settings = new WorkspaceSettings(database);
    this.schema = this.settings.get('schema') as KeypointSchema;
    const keypoints = this.schema.keypoints.length;
    this.images = new ImageStore(database);
    this.imports = new ImportStore(database);
    this.sources = new SourceStore(database);
    this.labels = new LabelStore(database, keypoints);
    this.journal = new Journal(database, keypoints);
    this.history = new JournalHistory(database, keypoints);
    this.snapshots = new SnapshotStore(database, this.schema);
    this.runs = new RunStore(database, directory);
    this.predictions = new PredictionStore(database, keypoints);
    this.submissions = new SubmissionStore(database);
    this.relabels = new RelabelStore(database);
    this.verdicts = new VerdictStore(database);
    this.#database = database;
    this.#lock = lock;
  }

  /** All or nothing; a transaction within another one is a part of it that can fail alone. `work` must not be async. */
  transaction<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  /** Closing twice does nothing: the lock may be another writer's by then. */
  close(): void {
    if (!this.#database.sql.open) return;
    this.#database.sql.close();
    this.#lock?.release();
  }
}

function databaseFile(directory: string): string {
  return join(directory, 'fiducial.sqlite');
}

/** Makes the folder if need be. */
function lockFolder(directory: string): WriterLock {
  try {
    makeFolder(resolve(directory));
    return new WriterLock(directory);
  } catch (error) {
    if (error instanceof InputProblem) throw error;
    throw new InputProblem('A workspace cannot be written here.', {
      file: directory,
      found: (error as Error).message,
      hint: 'Choose a folder that you can write to.',
    });
  }
}

/** One after the other: Node's own way with `recursive` never returns below /proc, where no folder can be made. */
function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  makeFolder(dirname(directory));
  mkdirSync(directory);
}

/** The folder may become one: by an import. */
export class NoWorkspace extends InputProblem {}

function requireDatabase(directory: string): void {
  if (existsSync(directory) && !statSync(directory).isDirectory())
    throw new InputProblem('This is a file; a workspace is a folder.', {
      file: directory,
      hint: 'Choose a folder, and import the file into it.',
    });
  if (!existsSync(databaseFile(directory)))
    throw new NoWorkspace('There is no workspace here.', {
      file: directory,
      expected: 'a folder with fiducial.sqlite',
      hint: 'Import an archive to make one, or choose another folder.',
    });
}
