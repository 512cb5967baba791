/**
 * Cells for which a source gives another place than their label has, while nobody has decided between them: two rows
 * disagree, or an import found a label that it did not overwrite. Whoever sets or confirms the label afterwards decides.
 */
import { isPlaced } from '../domain/label.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { WorkspaceHolder } from './holder.ts';

/** @param importedAt by source; @returns the keypoints in dispute, in the schema's order */
export function disputedKeypoints(
  { sources, labels, history, schema }: Workspace,
  imageId: number,
  importedAt: ReadonlyMap<number, Date>,
): number[] {
  const rows = sources.rowsOf(imageId).filter(({ points }) => points);
  if (rows.length === 0) return [];
  const [held, authors, changed] = [
    labels.of(imageId),
    labels.authorsOf(imageId),
    history.lastChanges(imageId),
  ];
  return [...schema.keypoints.keys()].filter((k) => {
    const label = held[k]!;
    const agrees = (x: number, y: number) =>
      isPlaced(label) && Math.fround(label.x) === x && Math.fround(label.y) === y;
    const decided = authors[k]?.kind === 'import' ? undefined : changed[k];
    return rows.some(({ sourceId, points }) => {
      const [x, y] = [points![2 * k]!, points![2 * k + 1]!];
      if (Number.isNaN(x) || agrees(x, y)) return false;
      return !decided || decided <= importedAt.get(sourceId)!;
    });
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
    const { sources, history } = workspace;
    const basis = `${sources.lastId()} ${workspace.directory}`;
    const position = history.position();
    if (basis !== this.#basis) {
      this.#keypoints = new Map();
      this.#candidates = new Set(sources.imagesInSeveralRows());
      this.#judge(workspace, this.#candidates);
    } else if (position > this.#position) {
      const touched = new Set(history.since(this.#position).map(([imageId]) => imageId));
      this.#judge(workspace, touched.intersection(this.#candidates));
    }
    [this.#basis, this.#position] = [basis, position];
    return this.#keypoints;
  }

  #judge(workspace: Workspace, imageIds: ReadonlySet<number>): void {
    const importedAt = workspace.sources.importedAt();
    for (const imageId of imageIds) {
      const keypoints = disputedKeypoints(workspace, imageId, importedAt);
      if (keypoints.length > 0) this.#keypoints.set(imageId, keypoints);
      else this.#keypoints.delete(imageId);
    }
  }
}
