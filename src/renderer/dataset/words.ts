/** Filters and orders as people say them. */
import type { Author, ImageFilter, ImageOrder } from '../../contract/cells.ts';

/** In the order in which a person chooses from them; the first is what a fresh screen shows. */
export const orderNames: Record<ImageOrder, string> = {
  added: 'as imported',
  next: 'fix next',
  missing: 'most missing first',
  outlier: 'outliers first',
  changed: 'last changed first',
  similar: 'alike side by side',
};

/** Of the parts of a filter that are yes or no: what each means. */
export const yesNoNames = {
  complete: { title: 'Complete', yes: 'every point', no: 'some missing' },
  disputed: { title: 'Disputed', yes: 'sources differ', no: 'undisputed' },
  predicted: { title: 'Prediction', yes: 'has one', no: 'has none' },
} as const;

export function authorName({ kind, name }: Author): string {
  switch (kind) {
    case 'human':
      return name;
    case 'import':
      return `import ${name}`;
    case 'model-run':
      return `run ${name}`;
    case 'mirror':
      return `mirror of ${name}`;
    case 'copy':
      return `copy of image ${name}`;
    case 'shape':
      return 'mean shape';
  }
}

/** As it stands in a filter. */
export const authorKey = ({ kind, name }: Author): string => `${kind}:${name}`;

/** From `kind:name`. */
function parseAuthor(key: string): Author {
  const [kind] = key.split(':', 1) as [Author['kind']];
  return { kind, name: key.slice(kind.length + 1) };
}

/** A condition of a filter, and the parts of it that go when a person takes it away. */
export interface Condition {
  readonly text: string;
  readonly parts: readonly (keyof ImageFilter)[];
}

/** What a filter asks for, one condition each. @param sourceName the file of a source */
export function conditions(filter: ImageFilter, sourceName: (id: number) => string): Condition[] {
  const { keypoint, state, kind, source, author, split, duplicates, text } = filter;
  const list: Condition[] = [];
  const add = (text: string, ...parts: Condition['parts']) => list.push({ text, parts });
  if (keypoint !== undefined)
    add(`${keypoint}${(state ?? author === undefined) ? ` ${state ?? 'missing'}` : ''}`, 'keypoint', 'state');
  else if (state !== undefined) add(`some point ${state}`, 'state');
  if (author !== undefined) add(`by ${authorName(parseAuthor(author)) ?? author}`, 'author');
  if (kind !== undefined) add(`${kind} images`, 'kind');
  if (source !== undefined) add(sourceName(source), 'source');
  if (split !== undefined) add(`${split} split`, 'split');
  if (duplicates !== undefined)
    add(duplicates === 'any' ? 'near duplicates' : `near duplicates, group ${duplicates}`, 'duplicates');
  for (const part of ['complete', 'disputed', 'predicted'] as const) {
    const { title, yes, no } = yesNoNames[part];
    if (filter[part] !== undefined) add(`${title.toLowerCase()}: ${filter[part] ? yes : no}`, part);
  }
  if (text) add(`“${text}”`, 'text');
  return list;
}
