/** How good proposals are, measured on labels: each is taken away and proposed anew from what is left. */
import { mirrorFromPlaced } from './mirror.ts';
import type { ShapeModel, Size } from './shape-model.ts';
import { strangeness, tooStrange } from './shape-model.ts';

/** RMSE of coordinates in pixels for each keypoint; null where it could not be measured. */
interface ProposalErrors {
  readonly shape: (number | null)[];
  readonly mirror: (number | null)[];
}

export class ProposalTrial {
  readonly #model: ShapeModel;
  readonly #permutation: readonly number[];
  readonly #shape: Squares[];
  readonly #mirror: Squares[];

  /** @param permutation as mirrorPermutation gives it */
  constructor(model: ShapeModel, permutation: readonly number[]) {
    this.#model = model;
    this.#permutation = permutation;
    this.#shape = permutation.map(() => new Squares());
    this.#mirror = permutation.map(() => new Squares());
  }

  /** An image with a label that is probably wrong is left out. @param points [keypoints, 2] in pixels, NaN where there is no place */
  add(points: ArrayLike<number>, size: Size): void {
    const strange = strangeness(this.#model, points, size);
    if (strange.some((cell) => cell && cell.deviations > tooStrange)) return;
    strange.forEach((cell, k) => {
      if (cell) this.#shape[k]!.add(cell.pixels ** 2);
    });
    this.#permutation.forEach((partner, k) => {
      if (partner === k || Number.isNaN(points[2 * k]!)) return;
      const left = Float64Array.from(points);
      left.fill(NaN, 2 * k, 2 * k + 2);
      const proposed = mirrorFromPlaced(left, this.#permutation)[k];
      if (!proposed) return;
      this.#mirror[k]!.add((proposed.x - points[2 * k]!) ** 2 + (proposed.y - points[2 * k + 1]!) ** 2);
    });
  }

  errors(): ProposalErrors {
    return {
      shape: this.#shape.map((of) => of.rmse()),
      mirror: this.#mirror.map((of) => of.rmse()),
    };
  }
}

/** Of distances squared, each over two coordinates. */
class Squares {
  #sum = 0;
  #count = 0;

  add(square: number): void {
    this.#sum += square;
    this.#count += 2;
  }

  rmse(): number | null {
    return this.#count === 0 ? null : Math.sqrt(this.#sum / this.#count);
  }
}
