/** Trainings of a network on a snapshot. Files of a run (curves, checkpoints, log) lie beside the database. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
}

export type NewRun = Pick<Run, 'engine' | 'preset' | 'seed' | 'snapshotId' | 'config' | 'lineage'>;

/** What a run's progress may change. */
export type RunUpdate = Partial<Pick<Run, 'status' | 'finishedAt' | 'metrics' | 'error'>>;

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
    const { status, finishedAt, metrics, error } = { ...before, ...values };
    this.#database.sql
      .prepare('UPDATE run SET status = ?, finished_at = ?, metrics = ?, error = ? WHERE id = ?')
      .run(
        status,
        finishedAt?.getTime() ?? null,
        metrics === null ? null : JSON.stringify(metrics),
        error,
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

  /** The folder of the run's files: config.json, curves.jsonl, checkpoints, log. */
  directoryOf({ id }: Pick<Run, 'id'>): string {
    return join(this.#directory, 'runs', String(id));
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
}

function fromStored({ created_at, finished_at, snapshot_id, ...stored }: StoredRun): Run {
  return {
    ...stored,
    createdAt: new Date(created_at),
    finishedAt: finished_at === null ? null : new Date(finished_at),
    snapshotId: snapshot_id,
    config: fromJson(stored.config),
    lineage: fromJson(stored.lineage),
    metrics: fromJson(stored.metrics),
  };
}
