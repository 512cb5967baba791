/** Numbers as people read them. */

/** 3,320 */
export const count = (value: number): string => value.toLocaleString('en-US');

/** Coordinates and errors: one digit after the point. */
export const pixels = (value: number): string => value.toFixed(1);

/** 42 s, 3 min, 1 h 20 min */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A keypoint's name as people say it: `left eye center`. */
export const spoken = (keypoint: string): string => keypoint.replaceAll('_', ' ');
