/** Turns of phrase that the importer's messages share. */

/** What every message of a refused import ends with. */
export const nothingImported = 'Nothing was imported.';

/** A number as a person reads it. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** The user's own text, shortened and in quotation marks. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
