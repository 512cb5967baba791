/** Numbers, durations and tables as a person reads them. */

export const count = (value: number) => value.toLocaleString('en-US');

/** "1 image", "3,320 images". */
export const counted = (value: number, one: string, many = `${one}s`) =>
  `${count(value)} ${value === 1 ? one : many}`;

export const pixels = (value: number | null | undefined) => (value == null ? '–' : value.toFixed(2));

export const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;

/** "4.1 s", "3 min 10 s", "1 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** "2026-11-23 21:04" in the person's own time zone. */
export function moment(iso: string): string {
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * Rows under a heading, columns two spaces apart. A heading that starts with a space is of a column of
 * numbers, which is aligned right.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = headings.map((heading) => heading.startsWith(' '));
  const lines = [headings.map((heading) => heading.trim()), ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      widths
        .map((width, column) =>
          numeric[column] ? (line[column] ?? '').padStart(width) : (line[column] ?? '').padEnd(width),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A share of 0 to 1 as a bar of fixed width. */
export function bar(share: number, width = 20): string {
  const filled = Math.round(share * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
