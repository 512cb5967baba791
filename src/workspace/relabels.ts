/** Labelled cells that were shown to a person without their point, and where the person put it. */
import type { PlacedLabel } from '../domain/label.ts';
import type { Actor, Cell } from './cells.ts';
import type { Database } from './database.ts';

/** The label stays what it is. */
export interface Answer extends Cell {
  readonly person: string;
  /** In pixels. */
  readonly x: number;
  readonly y: number;
  /** What the label was then, and whom it was due to. */
  readonly label: Pick<PlacedLabel, 'x' | 'y'>;
  readonly author: Actor | undefined;
}

export interface StoredAnswer extends Omit<Answer, 'author'> {
  readonly id: number;
  readonly at: Date;
}

interface StoredRow extends Cell {
  readonly id: number;
  readonly at: number;
  readonly person: string;
  readonly x: number;
  readonly y: number;
  readonly labelX: number;
  readonly labelY: number;
}

export class RelabelStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns the answer's number */
  add({ person, imageId, keypoint, x, y, label, author }: Answer): number {
    const { sql } = this.#database;
    const authorId = `(SELECT id FROM author WHERE kind = ? AND name = ?)`;
    return this.#database.transaction(() => {
      sql.prepare(`INSERT OR IGNORE INTO author (kind, name) VALUES ('human', ?)`).run(person);
      const { lastInsertRowid } = sql
        .prepare(
          `INSERT INTO relabel (at, person_id, image_id, keypoint, x, y, label_x, label_y, label_author)
           VALUES (?, ${authorId}, ?, ?, ?, ?, ?, ?, ${authorId})`,
        )
        .run(
          Date.now(),
          ...['human', person],
          ...[imageId, keypoint, x, y, label.x, label.y],
          ...[author?.kind ?? null, author?.name ?? null],
        );
      return Number(lastInsertRowid);
    });
  }

  /** The person's answer counts no more. @returns false where it is none of theirs */
  withdraw(person: string, id: number): boolean {
    if (!this.list({ withdrawn: true }).some((answer) => answer.id === id && answer.person === person))
      return false;
    this.#database.transaction(() => {
      this.#database.sql
        .prepare('INSERT OR IGNORE INTO relabel_withdrawal VALUES (?, ?)')
        .run(id, Date.now());
    });
    return true;
  }

  /** In the order in which they were given. @param options.withdrawn also those that do not count */
  list({ withdrawn = false } = {}): StoredAnswer[] {
    const counted = withdrawn ? '' : 'WHERE relabel.id NOT IN (SELECT relabel_id FROM relabel_withdrawal)';
    const rows = this.#database.sql
      .prepare(
        `SELECT relabel.id, at, name AS person, image_id AS imageId, keypoint, x, y, label_x AS labelX, label_y AS labelY
         FROM relabel JOIN author ON author.id = person_id ${counted} ORDER BY relabel.id`,
      )
      .all() as StoredRow[];
    return rows.map(({ at, labelX, labelY, ...row }) => ({
      ...row,
      at: new Date(at),
      label: { x: labelX, y: labelY },
    }));
  }
}
