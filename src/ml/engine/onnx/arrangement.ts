/** Parameters in the order in which a graph wants them in memory. */
import { sizeOf } from '../../network/placed.ts';

/** The elements seen as an array with the sides `view` (the shape, some sides divided), whose axes then change places. */
export interface Arrangement {
  readonly view: readonly number[];
  readonly order: readonly number[];
}

/** Writes `from`, in the order of its shape, to `to` in the arrangement. */
export function arrange(from: Float32Array, to: Float32Array, arrangement: Arrangement): void {
  forEachPlace(arrangement, (at, place) => (to[place] = from[at]!));
}

/** Writes `from`, in the arrangement, to `to` in the order of its shape. */
export function disarrange(from: Float32Array, to: Float32Array, arrangement: Arrangement): void {
  forEachPlace(arrangement, (at, place) => (to[at] = from[place]!));
}

/** @param visit is given where an element stands in the order of the shape, and in the arrangement */
function forEachPlace({ view, order }: Arrangement, visit: (at: number, place: number) => void): void {
  const steps = view.map((_, axis) => sizeOf(view.slice(axis + 1)));
  const sides = order.map((axis) => view[axis]!);
  const strides = order.map((axis) => steps[axis]!);
  const last = sides.length - 1;
  let place = 0;
  const walk = (axis: number, at: number) => {
    const [side, stride] = [sides[axis]!, strides[axis]!];
    for (let index = 0; index < side; index++, at += stride)
      if (axis === last) visit(at, place++);
      else walk(axis + 1, at);
  };
  walk(0, 0);
}
