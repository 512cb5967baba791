/**
 * How the faces of the workspace are shaped, found out in the background in steps that let other work go on, and anew
 * when much has been labelled since.
 */
import { setImmediate } from 'node:timers/promises';
import { ProposalTrial } from '../domain/shape-errors.ts';
import { fitShapeInSteps } from '../domain/shape-fit.ts';
import type { ShapeModel } from '../domain/shape-model.ts';
import { writeDeviations } from '../domain/shape-model.ts';
import { mirrorPermutation } from '../domain/schema.ts';
import type { Catalogue, CatalogueShelf } from './catalogue.ts';
import type { WorkspaceHolder } from './holder.ts';

/** At most so many images, evenly among all, are fitted to and measured on. */
const mostFitted = 20_000;
const mostMeasured = 1000;

/** Images in one step. */
const step = 200;

/** A fit is old when so many cells have changed since: soon where it knew few, one in a hundred where it knew many. */
const manyChanges = (known: number) => Math.max(Math.min(5 + known / 5, 200), known / 100);

/** In milliseconds. */
const headStart = 2000;

export interface FittedShape {
  readonly model: ShapeModel;
  /** RMSE in pixels of proposals: domain/shape-errors.ts. */
  readonly errors: ReturnType<ProposalTrial['errors']>;
  readonly directory: string;
  /** The journal's when it was fitted. */
  readonly position: number;
}

export class Shapes {
  readonly #holder: WorkspaceHolder;
  readonly #shelf: CatalogueShelf;
  readonly #onFirst: () => void;
  #fitted: FittedShape | undefined;
  #fitting: Promise<FittedShape> | undefined;
  /** The workspace whose shape will be looked for soon. */
  #soon: string | undefined;
  #deviations:
    { catalogue: Catalogue; model: ShapeModel; values: Float32Array; position: number } | undefined;

  /** @param onFirst called when something can be said of a workspace of which nothing could */
  constructor(holder: WorkspaceHolder, shelf: CatalogueShelf, onFirst: () => void) {
    this.#holder = holder;
    this.#shelf = shelf;
    this.#onFirst = onFirst;
  }

  /** What is known now. Where that is nothing, a fit begins soon; where it is old, at once. */
  peek(): FittedShape | undefined {
    const { directory, history } = this.#holder.read();
    if (this.#fitted?.directory !== directory) this.#fitted = undefined;
    const changed = history.position() - (this.#fitted?.position ?? 0);
    const known = Array.from(this.#fitted?.model.placed ?? []).reduce((sum, n) => sum + n, 0);
    if (!this.#fitted) this.#beginSoon();
    // Whoever waits for it hears of what goes wrong.
    else if (changed > manyChanges(known)) this.#begin().catch(() => undefined);
    return this.#fitted;
  }

  async get(): Promise<FittedShape> {
    for (;;) {
      const fitted = this.peek() ?? (await this.#begin());
      if (fitted.directory === this.#holder.read().directory) return fitted; // Not of the workspace before.
    }
  }

  /** [rows, keypoints]: how strange each label is to its image's others, in standard deviations; 0 where nothing can be said. */
  async deviations(catalogue: Catalogue): Promise<Float32Array> {
    const { model } = await this.get();
    await catalogue.placesRead;
    const { keypoints, ids } = catalogue;
    const measure = (row: number, values: Float32Array) =>
      writeDeviations(
        model,
        catalogue.pointsOf(row),
        catalogue.sizeOf(row),
        values.subarray(row * keypoints, (row + 1) * keypoints),
      );
    let known = this.#deviations;
    if (known?.catalogue !== catalogue || known.model !== model) {
      known = {
        catalogue,
        model,
        values: new Float32Array(ids.length * keypoints),
        position: catalogue.position,
      };
      for (let row = 0; row < ids.length; row++) {
        if (row % step === step - 1) await setImmediate();
        measure(row, known.values);
      }
      this.#deviations = known;
    }
    for (const [imageId] of this.#holder.read().history.since(known.position)) {
      const row = catalogue.rowOf(imageId);
      if (row >= 0) measure(row, known.values);
    }
    known.position = catalogue.position;
    return known.values;
  }

  /** The first images are being looked at, and their pictures come first. */
  #beginSoon(): void {
    const { directory } = this.#holder;
    if (this.#soon === directory) return;
    this.#soon = directory;
    const begin = () => {
      if (this.#soon !== directory) return;
      this.#soon = undefined;
      if (this.#holder.opened?.directory === directory) this.#begin().catch(() => undefined);
    };
    setTimeout(begin, headStart).unref();
  }

  #begin(): Promise<FittedShape> {
    this.#fitting ??= this.#fit().finally(() => (this.#fitting = undefined));
    return this.#fitting;
  }

  async #fit(): Promise<FittedShape> {
    await setImmediate(); // The catalogue may have to be read: whoever asks for what is known does not wait for it.
    const catalogue = await this.#shelf.whole();
    const { directory, schema } = this.#holder.read();
    const { keypoints, position } = catalogue;
    const rows = evenly(labelledRows(catalogue), mostFitted);
    const shares = new Float32Array(rows.length * 2 * keypoints);
    rows.forEach((row, at) => {
      const { width, height } = catalogue.sizeOf(row);
      catalogue.pointsOf(row).forEach((value, i) => {
        shares[at * 2 * keypoints + i] = (value + 0.5) / (i % 2 === 0 ? width : height);
      });
    });
    const fitting = fitShapeInSteps(shares, keypoints);
    let fitted = fitting.next();
    for (; !fitted.done; fitted = fitting.next()) await setImmediate();
    const model = fitted.value;

    const trial = new ProposalTrial(model, mirrorPermutation(schema));
    for (const [i, row] of evenly(rows, mostMeasured).entries()) {
      if (i % step === step - 1) await setImmediate();
      trial.add(catalogue.pointsOf(row), catalogue.sizeOf(row));
    }
    const first = (this.#fitted?.model.images ?? 0) === 0 && model.images > 0;
    this.#fitted = { model, errors: trial.errors(), directory, position };
    this.deviations(catalogue).catch(() => undefined); // So that the order by them is there when it is asked for.
    if (first) this.#onFirst();
    return this.#fitted;
  }
}

function labelledRows({ ids, missing, keypoints }: Catalogue): number[] {
  return Array.from(ids.keys()).filter((row) => missing[row]! < keypoints);
}

/** At most so many of them, spread over all. */
function evenly(rows: readonly number[], most: number): number[] {
  if (rows.length <= most) return [...rows];
  return Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}
