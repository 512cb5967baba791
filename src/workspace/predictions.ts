/** What a run says of images: one place for every keypoint. */
import type { Points } from '../domain/points.ts';
import { toBlob, toFloats } from './columns.ts';
import type { Database } from './database.ts';

interface StoredPrediction {
  /** [keypoints, 2] */
  readonly points: Points;
  /** [keypoints]: how far apart the passes are that each place averages; undefined where that is not known. */
  readonly spread: Float32Array | undefined;
}

interface Blobs {
  readonly points: Buffer;
  readonly spread: Buffer | null;
}

const read = ({ points, spread }: Blobs): StoredPrediction => ({
  points: toFloats(points),
  spread: spread ? toFloats(spread) : undefined,
});

export class PredictionStore {
  readonly #database: Database;
  readonly #keypoints: number;
  readonly #put;
  readonly #get;
  readonly #latest;

  constructor(database: Database, keypoints: number) {
    this.#database = database;
    this.#keypoints = keypoints;
    this.#put = database.sql.prepare('INSERT OR REPLACE INTO prediction VALUES (?, ?, ?, ?)');
    this.#get = database.sql
      .prepare('SELECT points FROM prediction WHERE run_id = ? AND image_id = ?')
      .pluck();
    this.#latest = database.sql.prepare(
      `SELECT run_id AS runId, points, spread FROM run CROSS JOIN prediction ON run_id = run.id AND image_id = ?
       ORDER BY run.id DESC LIMIT 1`,
    );
  }

  /**
   * Replaces what the run said of these images before.
   * @param points [imageIds, keypoints, 2]
   * @param spread [imageIds, keypoints]: how far apart the passes are that each place averages
   */
  put(runId: number, imageIds: ArrayLike<number>, points: Points, spread?: Float32Array): void {
    const size = 2 * this.#keypoints;
    if (points.length !== imageIds.length * size)
      throw new Error(
        `${points.length} coordinates for ${imageIds.length} images: ${size} each are expected.`,
      );
    this.#database.transaction(() => {
      for (let i = 0; i < imageIds.length; i++)
        this.#put.run(
          ...[runId, imageIds[i]],
          toBlob(points.subarray(i * size, (i + 1) * size)),
          spread ? toBlob(spread.subarray((i * size) / 2, ((i + 1) * size) / 2)) : null,
        );
    });
  }

  /** Images of which the run has said something, or also how far its passes are apart there. */
  imageIds(runId: number, { withSpread = false } = {}): number[] {
    return this.#database.sql
      .prepare(
        `SELECT image_id FROM prediction WHERE run_id = ? ${withSpread ? 'AND spread IS NOT NULL' : ''}`,
      )
      .pluck()
      .all(runId) as number[];
  }

  /** Of every image of which the run has said something. */
  all(runId: number): (StoredPrediction & { imageId: number })[] {
    const rows = this.#database.sql
      .prepare('SELECT image_id AS imageId, points, spread FROM prediction WHERE run_id = ?')
      .all(runId) as (Blobs & { imageId: number })[];
    return rows.map(({ imageId, ...blobs }) => ({ imageId, ...read(blobs) }));
  }

  /** What the latest run that has said anything of the image says: [keypoints, 2] and, where it is known, [keypoints]. */
  latest(imageId: number): (StoredPrediction & { runId: number }) | undefined {
    const stored = this.#latest.get(imageId) as (Blobs & { runId: number }) | undefined;
    return stored && { runId: stored.runId, ...read(stored) };
  }

  /** @returns [imageIds, keypoints, 2]; NaN throughout for an image of which the run has said nothing. */
  points(runId: number, imageIds: ArrayLike<number>): Points {
    const size = 2 * this.#keypoints;
    const points = new Float32Array(imageIds.length * size).fill(NaN);
    for (let i = 0; i < imageIds.length; i++) {
      const stored = this.#get.get(runId, imageIds[i]) as Buffer | undefined;
      if (stored) points.set(toFloats(stored), i * size);
    }
    return points;
  }
}
