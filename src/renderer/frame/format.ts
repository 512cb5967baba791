/** Numbers as people read them. */

/** Made once: making one takes longer than all that it is used for. */
const grouped = new Intl.NumberFormat('en-US');

/** 3,320 */
export const count = (value: number): string => grouped.format(value);

/** 1 row, 3,320 rows */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Coordinates and errors: one digit after the point. */
export const pixels = (value: number): string => value.toFixed(1);

/** +0.31, −0.20, 0.00 */
export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : (value < 0 ? '−' : '+') + text;
}

/** 42 s, 3 min, 1 h 20 min */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A keypoint's name as people say it: `left eye center`. */
export const spoken = (keypoint: string): string => keypoint.replaceAll('_', ' ');

/** The file or folder that a path names, on whichever system. */
export const lastPart = (path: string): string => path.split(/[\\/]/).findLast(Boolean) ?? path;

/** 3.2 MB */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return `${(value / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
