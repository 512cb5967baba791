/**
 * Cells for which a source gives another place than their label has, while nobody has decided between them: two rows
 * disagree, or an import found a label that it did not overwrite. Whoever sets or confirms the label afterwards decides.
 */
import { isPlaced } from '../domain/label.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { WorkspaceHolder } from './holder.ts';

/** @returns the keypoints in dispute, in the schema's order */
export function disputedKeypoints(workspace: Workspace, imageId: number): number[] {
  const { sources, labels, journal, imports, schema } = workspace;
  const rows = sources.rowsOf(imageId).filter(({ points }) => points);
  if (rows.length === 0) return [];
  const [held, authors, changed] = [
    labels.of(imageId),
    labels.authorsOf(imageId),
    journal.lastChanges(imageId),
  ];
  const importOf = new Map(sources.list().map(({ id, importId }) => [id, importId]));
  const dates = new Map(imports.list().map(({ id, createdAt }) => [id, createdAt]));
  return [...schema.keypoints.keys()].filter((k) => {
    const label = held[k]!;
    const contradicting = rows.filter(({ points }) => {
      const [x, y] = [points![2 * k]!, points![2 * k + 1]!];
      return (
        !Number.isNaN(x) && !(isPlaced(label) && Math.fround(label.x) === x && Math.fround(label.y) === y)
      );
    });
    const decided = authors[k]?.kind !== 'import' && changed[k];
    return contradicting.some(({ sourceId }) => !decided || decided <= dates.get(importOf.get(sourceId)!)!);
  });
}

/** Every image with a dispute, kept current by reading on in the journal. */
export class Disputes {
  readonly #holder: WorkspaceHolder;
  /** By image. */
  #keypoints = new Map<number, number[]>();
  /** Only images that stand in several rows can be in dispute: that a label was there before tells of an earlier row. */
  #candidates = new Set<number>();
  #basis = '';
  #position = 0;

  constructor(holder: WorkspaceHolder) {
    this.#holder = holder;
  }

  images(): ReadonlyMap<number, readonly number[]> {
    const workspace = this.#holder.read();
    const { sources, journal } = workspace;
    const basis = `${sources.lastId()} ${workspace.directory}`;
    const position = journal.position();
    if (basis !== this.#basis) {
      this.#keypoints = new Map();
      this.#candidates = new Set(sources.imagesInSeveralRows());
      for (const imageId of this.#candidates) this.#judge(workspace, imageId);
    } else if (position > this.#position) {
      const touched = new Set(journal.since(this.#position).map(([imageId]) => imageId));
      for (const imageId of touched) if (this.#candidates.has(imageId)) this.#judge(workspace, imageId);
    }
    [this.#basis, this.#position] = [basis, position];
    return this.#keypoints;
  }

  #judge(workspace: Workspace, imageId: number): void {
    const keypoints = disputedKeypoints(workspace, imageId);
    if (keypoints.length > 0) this.#keypoints.set(imageId, keypoints);
    else this.#keypoints.delete(imageId);
  }
}
