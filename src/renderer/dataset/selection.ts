/** Which images a screen shows, as its address says: `keypoint=left_eye_center&state=missing&order=outlier&reversed=yes`. */
import type { ImageFilter, ImageOrder, Selection } from '../../contract/cells.ts';
import { labelStates } from '../../domain/label.ts';

/** In the order in which a person chooses from them. */
export const orders = [
  'added',
  'next',
  'missing',
  'outlier',
  'changed',
  'similar',
] as const satisfies ImageOrder[];

const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (text: string) =>
    values.find((value) => value === text);
const anyText = (text: string) => text || undefined;
const wholeNumber = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
const yesOrNo = (text: string) => (text === 'yes' ? true : text === 'no' ? false : undefined);

/** How each part of a filter is read; undefined for what nobody can have meant. */
const readers: { [K in keyof ImageFilter]-?: (text: string) => ImageFilter[K] } = {
  keypoint: anyText,
  state: oneOf(...labelStates),
  kind: oneOf('training', 'test'),
  source: wholeNumber,
  author: anyText,
  split: oneOf('training', 'validation'),
  duplicates: (text) => (text === 'any' ? text : wholeNumber(text)),
  complete: yesOrNo,
  disputed: yesOrNo,
  predicted: yesOrNo,
  text: anyText,
};

const order = oneOf<ImageOrder>(...orders);

/** What the address does not name, or names wrongly, is as in a fresh screen. */
export function readSelection(address: URLSearchParams | string): Selection {
  const query = new URLSearchParams(address);
  const filter = Object.entries(readers).flatMap(([name, read]) => {
    const value = read(query.get(name) ?? '');
    return value === undefined ? [] : [[name, value]];
  });
  return {
    filter: Object.fromEntries(filter) as ImageFilter,
    order: order(query.get('order') ?? '') ?? 'added',
    reversed: query.get('reversed') === 'yes',
  };
}

/** Always in the same sequence, and without what a fresh screen shows anyway: equal selections have equal addresses. */
export function writeSelection({ filter = {}, order, reversed }: Selection): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of Object.keys(readers) as (keyof ImageFilter)[]) {
    const value = filter[name];
    if (value !== undefined && value !== '')
      query.set(name, typeof value === 'boolean' ? word(value) : `${value}`);
  }
  if (order !== undefined && order !== 'added') query.set('order', order);
  if (reversed) query.set('reversed', 'yes');
  return query;
}

const word = (value: boolean) => (value ? 'yes' : 'no');
