/** Labels that somebody has looked at, because they seemed wrong, and found right where they are. */
import type { PlacedLabel } from '../domain/label.ts';
import type { Cell } from './cells.ts';
import type { Database } from './database.ts';

/** At this place the label is right; moved, it has to be looked at again. */
export interface Verdict extends Cell, Pick<PlacedLabel, 'x' | 'y'> {}

export class VerdictStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Replaces what was said of the same cells before. */
  put(person: string, verdicts: readonly Verdict[]): void {
    const { sql } = this.#database;
    this.#database.transaction(() => {
      sql.prepare(`INSERT OR IGNORE INTO author (kind, name) VALUES ('human', ?)`).run(person);
      const put = sql.prepare(
        `INSERT OR REPLACE INTO verdict (image_id, keypoint, at, person_id, x, y)
         VALUES (?, ?, ?, (SELECT id FROM author WHERE kind = 'human' AND name = ?), ?, ?)`,
      );
      for (const { imageId, keypoint, x, y } of verdicts)
        put.run(imageId, keypoint, Date.now(), person, x, y);
    });
  }

  withdraw(cells: readonly Cell[]): void {
    const remove = this.#database.sql.prepare('DELETE FROM verdict WHERE image_id = ? AND keypoint = ?');
    this.#database.transaction(() => {
      for (const { imageId, keypoint } of cells) remove.run(imageId, keypoint);
    });
  }

  list(): Verdict[] {
    return this.#database.sql
      .prepare('SELECT image_id AS imageId, keypoint, x, y FROM verdict')
      .all() as Verdict[];
  }
}
