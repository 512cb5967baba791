/** Where the configs of runs differ, field by field. */

export interface Difference {
  /** `recipe.schedule.rate` */
  readonly field: string;
  /** One for each run; null where it has no such field. */
  readonly values: unknown[];
}

/** Fields whose value is shown as a whole: layers that stand at the same place need not be the same layer. */
const whole = new Set(['spec.layers']);
/** What a filter asked for says enough of the images. */
const unsaid = new Set(['rows.images']);

export function differences(configs: readonly unknown[]): Difference[] {
  const fields = configs.map((config) => new Map(fieldsOf(config, '')));
  const names = new Set(fields.flatMap((own) => [...own.keys()]));
  return [...names]
    .map((field) => ({ field, values: fields.map((own) => own.get(field) ?? null) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

function fieldsOf(value: unknown, path: string): [string, unknown][] {
  if (unsaid.has(path)) return [];
  if (whole.has(path) || typeof value !== 'object' || value === null || Array.isArray(value))
    return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    fieldsOf(inner, path === '' ? key : `${path}.${key}`),
  );
}
