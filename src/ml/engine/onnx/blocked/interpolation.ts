/**
 * A row convolved by way of polynomials (Toom and Cook; Winograd, Arithmetic Complexity of Computations, 1980). What comes
 * out of a tile, a few cells side by side, are sums of the same products: with the values at some points of polynomials
 * that have the filter and the cells as coefficients, out = gather (filter values * input values). That is one product for
 * each point, where each cell takes one for each tap: with a kernel of three, 8 for 6 cells instead of 18.
 */

/** And infinity, where a polynomial has its last coefficient. More points round more: these make the error of sums 2.7 times as large. */
const POINTS = [0, 1, -1, 0.5, -0.5, 2, -2];

/** Of a tile: one at each point. */
export const PRODUCTS = POINTS.length + 1;

/** The product whose value every cell of its tile has as a summand: the powers of 1 are 1. */
export const COMMON = POINTS.indexOf(1);

type Matrix = readonly (readonly number[])[];

/** Cells that come out of a tile. */
export function cellsOfTile(kernel: number): number {
  return PRODUCTS + 1 - kernel;
}

/** [products, kernel]: a filter's values at the points, divided by Lagrange's weights. */
export function filterValues(kernel: number): Matrix {
  return forEachProduct((point) => {
    const weight = roots(point).reduce((product, root) => product * (POINTS[point]! - root), 1);
    const divisor = point < POINTS.length ? weight : 1;
    return Array.from({ length: kernel }, (_, tap) => power(point, tap, kernel) / divisor);
  });
}

/**
 * [tiles * products, columns]: from the cells of a row to their values at the points, tile after tile.
 * @param padding zeros before the row
 */
export function inputValues(tiles: number, columns: number, kernel: number, padding: number): Matrix {
  const coefficients = forEachProduct((point) => withRoots(roots(point)));
  return forEachTile(tiles, (tile, point) =>
    Array.from(
      { length: columns },
      (_, column) => coefficients[point]![column + padding - tile * cellsOfTile(kernel)] ?? 0,
    ),
  );
}

/** [columns, tiles * products]: from the products to what comes out. */
export function gathering(tiles: number, columns: number, kernel: number): Matrix {
  const cells = cellsOfTile(kernel);
  return Array.from({ length: columns }, (_, column) =>
    forEachTile(tiles, (tile, point) =>
      Math.floor(column / cells) === tile ? power(point, column % cells, cells) : 0,
    ),
  );
}

/** What a coefficient, of so many, counts in a polynomial's value at a point. */
function power(point: number, exponent: number, coefficients: number): number {
  if (point < POINTS.length) return POINTS[point]! ** exponent;
  return exponent === coefficients - 1 ? 1 : 0;
}

/** The other points. */
function roots(point: number): number[] {
  return POINTS.filter((_, index) => index !== point);
}

/** The coefficients of the polynomial with these roots, the constant one first. */
function withRoots(roots: readonly number[]): number[] {
  return roots.reduce(
    (lower, root) => [...lower, 0].map((_, index) => (lower[index - 1] ?? 0) - root * (lower[index] ?? 0)),
    [1],
  );
}

function forEachProduct<T>(make: (point: number) => T): T[] {
  return Array.from({ length: PRODUCTS }, (_, point) => make(point));
}

function forEachTile<T>(tiles: number, make: (tile: number, point: number) => T): T[] {
  return Array.from({ length: tiles }, (_, tile) => forEachProduct((point) => make(tile, point))).flat();
}
