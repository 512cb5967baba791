/** Images as a screen shows them: which, and in which order. */
import type { z } from 'zod';
import type { ImageFilter, selection } from '../contract/cells.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue, CatalogueShelf } from './catalogue.ts';
import type { Disputes } from './disputes.ts';
import { asksForAuthors, isOfLabels, keypointJudged, matchingRows } from './filter.ts';
import type { WorkspaceHolder } from './holder.ts';
import { worthOfCells } from './next.ts';
import { orderedRows } from './order.ts';
import type { Shapes } from './shapes.ts';

type Selected = z.output<typeof selection>;

/** The images that a filter asks for. */
export interface Matching {
  readonly workspace: Workspace;
  readonly catalogue: Catalogue;
  /** [rows], 1 for each; not to be changed. */
  readonly rows: Uint8Array;
}

export class Selections {
  readonly #holder: WorkspaceHolder;
  readonly #shelf: CatalogueShelf;
  readonly #disputes: Disputes;
  readonly #shapes: Shapes;
  /** The last answer: a screen asks several things of the same images. */
  #known: { readonly key: string; readonly position: number; readonly matching: Matching } | undefined;

  constructor(holder: WorkspaceHolder, shelf: CatalogueShelf, disputes: Disputes, shapes: Shapes) {
    this.#holder = holder;
    this.#shelf = shelf;
    this.#disputes = disputes;
    this.#shapes = shapes;
  }

  /**
   * @param whole whether the catalogue's places and authors are needed
   * @throws InputProblem when the filter names a keypoint that there is not
   */
  async matching(filter: ImageFilter, { whole = asksForAuthors(filter) } = {}): Promise<Matching> {
    const catalogue = whole ? await this.#shelf.whole() : this.#shelf.current();
    const workspace = this.#holder.read();
    const { position } = catalogue;
    const key = JSON.stringify(filter);
    const known = this.#known;
    if (known?.key === key && known.position === position && known.matching.catalogue === catalogue)
      return known.matching;
    const rows = matchingRows(filter, workspace, catalogue, this.#disputes);
    const matching = { workspace, catalogue, rows };
    if (isOfLabels(filter)) this.#known = { key, position, matching };
    return matching;
  }

  /** A part of the images selected. All of them in the order of import need no catalogue. */
  async page({ filter, order, reversed }: Selected, offset: number, limit: number) {
    if (order === 'added' && isEmpty(filter)) {
      const { images } = this.#holder.read();
      return { total: images.count(), ids: images.page(offset, limit, { reversed }) };
    }
    const { catalogue, rows } = await this.#selected({ filter, order, reversed });
    const part = rows.subarray(offset, offset + limit);
    return { total: rows.length, ids: Array.from(part, (row) => catalogue.ids[row]!) };
  }

  /** Where an image stands among those selected. */
  async position({ filter, order, reversed }: Selected, imageId: number): Promise<number | null> {
    const { images } = this.#holder.read();
    if (order === 'added' && isEmpty(filter)) {
      if (!images.get(imageId)) return null;
      const before = images.countBefore(imageId);
      return reversed ? images.count() - 1 - before : before;
    }
    const { catalogue, rows } = await this.#selected({ filter, order, reversed });
    const at = rows.indexOf(catalogue.rowOf(imageId));
    return at < 0 ? null : at;
  }

  /** Rows of the catalogue, those selected alone. */
  async #selected({
    filter,
    order,
    reversed,
  }: Selected): Promise<{ catalogue: Catalogue; rows: Int32Array }> {
    const matching = await this.matching(filter);
    const { catalogue } = matching;
    const ordered = await this.ordered(matching, { filter, order, reversed });
    return { catalogue, rows: chosen(ordered, matching.rows) };
  }

  /** Every row of the catalogue. @param toLabel the only keypoint that is to be labelled */
  ordered(
    { workspace, catalogue }: Matching,
    { filter, order, reversed }: Selected,
    toLabel?: number,
  ): Promise<Int32Array> {
    const judged = keypointJudged(filter, workspace);
    return orderedRows(order, reversed, workspace, catalogue, this.#shapes, { toLabel, judged });
  }

  /** Missing cells of the images that the filter asks for, those first whose labels are expected to give the score most. */
  async next(filter: ImageFilter, limit: number) {
    const { workspace, catalogue, rows } = await this.matching(filter);
    const { keypoints, ids } = catalogue;
    const { scores, uncertainties, asked, labels } = await worthOfCells(workspace, catalogue, this.#shapes);
    const cells = Array.from(scores.keys()).filter(
      (cell) => scores[cell]! > 0 && rows[Math.floor(cell / keypoints)] === 1,
    );
    const best = cells.sort((a, b) => scores[b]! - scores[a]!).slice(0, limit);
    return {
      remaining: cells.length,
      cells: best.map((cell) => ({
        imageId: ids[Math.floor(cell / keypoints)]!,
        keypoint: cell % keypoints,
        score: scores[cell]!,
        uncertainty: uncertainties[cell]!,
        asked: asked[cell % keypoints]!,
        labels: labels[cell % keypoints]!,
      })),
    };
  }
}

/** Of the rows in their order those marked by 1; in the same memory. */
function chosen(ordered: Int32Array, marked: Uint8Array): Int32Array {
  let end = 0;
  for (let i = 0; i < ordered.length; i++) if (marked[ordered[i]!] === 1) ordered[end++] = ordered[i]!;
  return ordered.subarray(0, end);
}

const isEmpty = (filter: ImageFilter) => Object.values(filter).every((value) => value === undefined);
