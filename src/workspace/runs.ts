/** Trainings of a network on a snapshot. Files of a run (curves, checkpoints, log) lie beside the database. */
import { desc, eq } from 'drizzle-orm';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { run } from './tables.ts';

export type RunStatus = 'queued' | 'running' | 'stopped' | 'finished' | 'failed';

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
  create(values: NewRun): Run {
    const created = this.#database.query
      .insert(run)
      .values({ ...values, createdAt: new Date(), status: 'queued' })
      .returning()
      .get();
    mkdirSync(this.directoryOf(created), { recursive: true });
    return created;
  }

  update(id: number, values: RunUpdate): void {
    this.#database.query.update(run).set(values).where(eq(run.id, id)).run();
  }

  get(id: number): Run | undefined {
    return this.#database.query.select().from(run).where(eq(run.id, id)).get();
  }

  /** The latest first. */
  list(): Run[] {
    return this.#database.query.select().from(run).orderBy(desc(run.id)).all();
  }

  directoryOf({ id }: Pick<Run, 'id'>): string {
    return join(this.#directory, 'runs', String(id));
  }
}
