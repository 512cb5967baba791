/** What a run says of images: one place for every keypoint. */
import type { Points } from '../domain/points.ts';
import { toBlob, toFloats } from './columns.ts';
import type { Database } from './database.ts';

export class PredictionStore {
  readonly #database: Database;
  readonly #keypoints: number;
  readonly #put;
  readonly #get;

  constructor(database: Database, keypoints: number) {
    this.#database = database;
    this.#keypoints = keypoints;
    this.#put = database.sql.prepare('INSERT OR REPLACE INTO prediction VALUES (?, ?, ?)');
    this.#get = database.sql
      .prepare('SELECT points FROM prediction WHERE run_id = ? AND image_id = ?')
      .pluck();
  }

  /** Replaces what the run said of these images before. @param points [imageIds, keypoints, 2] */
  put(runId: number, imageIds: ArrayLike<number>, points: Points): void {
    const size = 2 * this.#keypoints;
    if (points.length !== imageIds.length * size)
      throw new Error(
        `${points.length} coordinates for ${imageIds.length} images: ${size} each are expected.`,
      );
    this.#database.transaction(() => {
      for (let i = 0; i < imageIds.length; i++)
        this.#put.run(runId, imageIds[i], toBlob(points.subarray(i * size, (i + 1) * size)));
    });
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
