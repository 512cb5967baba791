/** Trainings of a network on a snapshot. Files of a run (curves, checkpoints, log) lie beside the database. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fromJson } from './columns.ts';
import type { Database } from './database.ts';

type RunStatus = 'queued' | 'running' | 'stopped' | 'finished' | 'failed';

export interface Run {
  /** The number that people call it by: run 12. Never given twice. */
  readonly id: number;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly status: RunStatus;
  readonly engine: string;
  readonly preset: string;
  readonly seed: number;
  readonly snapshotId: string;
  /** All that the run needs to be done again, as JSON. */
  readonly config: unknown;
  /** Versions of code and engine, machine, as JSON. */
  readonly lineage: unknown;
  /** What evaluation found, as JSON; null before. */
  readonly metrics: unknown;
  /** Why it failed; null unless it did. */
  readonly error: string | null;
  /** What a person says of it. */
  readonly tags: readonly string[];
  readonly note: string;
  /** Null unless it was put aside. */
  readonly archivedAt: Date | null;
}

/** What the database holds that is due to a run. */
export interface RunRecords {
  /** Images of which it has said something. */
  readonly predictions: number;
  /** Numbers of the submissions that were written from it. */
  readonly submissions: readonly number[];
  /** Labels that are its proposals, accepted: they stay. */
  readonly labels: number;
}

export type NewRun = Pick<Run, 'engine' | 'preset' | 'seed' | 'snapshotId' | 'config' | 'lineage'>;

/** What a run's progress, and a person, may change. */
export type RunUpdate = Partial<
  Pick<Run, 'status' | 'finishedAt' | 'metrics' | 'error' | 'tags' | 'note' | 'archivedAt'>
>;

export class RunStore {
  readonly #database: Database;
  readonly #directory: string;

  /** @param directory the workspace's. */
  constructor(database: Database, directory: string) {
    this.#database = database;
    this.#directory = directory;
  }

  /** Queues a run and makes its folder. */
  create({ engine, preset, seed, snapshotId, config, lineage }: NewRun): Run {
    const { lastInsertRowid } = this.#database.sql
      .prepare(
        `INSERT INTO run (created_at, status, engine, preset, seed, snapshot_id, config, lineage)
         VALUES (?, 'queued', ?, ?, ?, ?, ?, ?)`,
      )
      .run(Date.now(), engine, preset, seed, snapshotId, JSON.stringify(config), JSON.stringify(lineage));
    const run = this.get(Number(lastInsertRowid))!;
    mkdirSync(this.directoryOf(run), { recursive: true });
    return run;
  }

  /** @throws Error when there is no such run. */
  update(id: number, values: RunUpdate): void {
    const before = this.get(id);
    if (!before) throw new Error(`There is no run ${id}.`);
    const { status, finishedAt, metrics, error, tags, note, archivedAt } = { ...before, ...values };
    this.#database.sql
      .prepare(
        `UPDATE run SET status = ?, finished_at = ?, metrics = ?, error = ?, tags = ?, note = ?, archived_at = ?
         WHERE id = ?`,
      )
      .run(
        status,
        finishedAt?.getTime() ?? null,
        metrics === null ? null : JSON.stringify(metrics),
        error,
        JSON.stringify(tags),
        note,
        archivedAt?.getTime() ?? null,
        id,
      );
  }

  get(id: number): Run | undefined {
    const stored = this.#database.sql.prepare('SELECT * FROM run WHERE id = ?').get(id) as
      StoredRun | undefined;
    return stored && fromStored(stored);
  }

  /** The latest first. */
  list(): Run[] {
    const rows = this.#database.sql.prepare('SELECT * FROM run ORDER BY id DESC').all() as StoredRun[];
    return rows.map(fromStored);
  }

  recordsOf(id: number): RunRecords {
    const { sql } = this.#database;
    const pluck = (query: string, value: number | string) =>
      sql.prepare(query).pluck().all(value) as number[];
    const [predictions] = pluck('SELECT count(*) FROM prediction WHERE run_id = ?', id);
    const [labels] = pluck(
      `SELECT count(*) FROM label JOIN author ON author.id = author_id WHERE kind = 'model-run' AND name = ?`,
      String(id),
    );
    const submissions = pluck('SELECT id FROM submission WHERE run_id = ? ORDER BY id', id);
    return { predictions: predictions!, submissions, labels: labels! };
  }

  /**
   * Removes runs with their predictions, the record of their submissions (not the files, which are elsewhere) and their
   * folders. All or nothing, whenever the process ends: the folders are renamed first, and whoever opens the workspace
   * next finishes what was committed and takes back what was not.
   */
  delete(ids: readonly number[]): void {
    for (const id of ids) setAside(this.directoryOf({ id }));
    try {
      this.#database.transaction(() => {
        for (const table of ['prediction', 'submission'])
          for (const id of ids) this.#database.sql.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(id);
        for (const id of ids) this.#database.sql.prepare('DELETE FROM run WHERE id = ?').run(id);
      });
    } finally {
      this.finishDeletions();
    }
  }

  /** For the workspace's writer, when it begins. */
  finishDeletions(): void {
    const folder = join(this.#directory, 'runs');
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      const [, id] = /^(\d+)\.deleted$/.exec(name) ?? [];
      if (id === undefined) continue;
      if (this.get(Number(id))) renameSync(join(folder, name), join(folder, id));
      else removeIfPossible(join(folder, name));
    }
  }

  /** The folder of the run's files: config.json, curves.jsonl, checkpoints, log. */
  directoryOf({ id }: Pick<Run, 'id'>): string {
    return join(this.#directory, 'runs', String(id));
  }
}

function setAside(directory: string): void {
  if (!existsSync(directory)) return;
  renameSync(directory, `${directory}.deleted`);
  if (process.platform === 'win32') return; // it has no need of what follows
  const folder = openSync(dirname(directory), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** A file that somebody has open is left to the next time. */
function removeIfPossible(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    if (!['EBUSY', 'EPERM', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

interface StoredRun {
  readonly id: number;
  readonly created_at: number;
  readonly finished_at: number | null;
  readonly status: RunStatus;
  readonly engine: string;
  readonly preset: string;
  readonly seed: number;
  readonly snapshot_id: string;
  readonly config: string;
  readonly lineage: string;
  readonly metrics: string | null;
  readonly error: string | null;
  readonly tags: string;
  readonly note: string;
  readonly archived_at: number | null;
}

function fromStored({ created_at, finished_at, archived_at, snapshot_id, ...stored }: StoredRun): Run {
  return {
    ...stored,
    createdAt: new Date(created_at),
    finishedAt: finished_at === null ? null : new Date(finished_at),
    snapshotId: snapshot_id,
    config: fromJson(stored.config),
    lineage: fromJson(stored.lineage),
    metrics: fromJson(stored.metrics),
    tags: fromJson(stored.tags) as string[],
    archivedAt: archived_at === null ? null : new Date(archived_at),
  };
}
