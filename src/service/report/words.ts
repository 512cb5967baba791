/** Numbers and times as a report has them. */

export const count = (value: number) => value.toLocaleString('en-US');
export const counted = (value: number, one: string) => `${count(value)} ${value === 1 ? one : `${one}s`}`;
export const px = (value: number | null) => (value === null ? '–' : value.toFixed(2));

export function duration(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds) % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const bytes = (value: number) => `${count(Math.round(value / 1e6))} MB`;

/** In coordinated universal time: a report is read elsewhere. */
export const moment = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
