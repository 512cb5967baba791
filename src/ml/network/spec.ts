/** Network specs are plain JSON, checked strictly. domain/network-spec.ts says what the fields mean. */
import { z } from 'zod';
import type { NetworkSpec } from '../../domain/network-spec.ts';
import { InputProblem } from '../../domain/problem.ts';

const count = z.int().min(1).max(65_536);
/** A side in pixels or [height, width]. */
const size = z.union([count, z.tuple([count, count])], { error: 'a whole number or [height, width]' });

const conv = z.strictObject({
  type: z.literal('conv'),
  filters: count,
  kernel: size,
  stride: count.optional(),
  padding: z
    .union([z.enum(['valid', 'same']), z.int().min(0).max(1024)], {
      error: '"valid", "same" or a whole number',
    })
    .optional(),
  bias: z.boolean().optional(),
});
const pool = { size: count, stride: count.optional() };
const batchNorm = z.strictObject({
  type: z.literal('batchNorm'),
  momentum: z.number().min(0).lt(1).optional(),
  epsilon: z.number().positive().optional(),
});
const residual = z.strictObject({
  type: z.literal('residual'),
  get body() {
    return z.array(innerLayer).min(1);
  },
  scale: z.boolean().optional(),
});

const innerSchemas = [
  conv,
  z.strictObject({ type: z.literal('maxPool'), ...pool }),
  z.strictObject({ type: z.literal('averagePool'), ...pool }),
  batchNorm,
  z.strictObject({ type: z.literal('relu') }),
  residual,
  z.strictObject({ type: z.literal('flatten') }),
  z.strictObject({ type: z.literal('globalAveragePool') }),
  z.strictObject({ type: z.literal('dense'), units: count, bias: z.boolean().optional() }),
  z.strictObject({ type: z.literal('dropout'), rate: z.number().min(0).lt(1) }),
] as const;
const layerSchemas = [
  ...innerSchemas,
  z.strictObject({ type: z.literal('heatMap'), cells: z.int().min(1).max(16) }),
] as const;
const innerLayer = z.discriminatedUnion('type', innerSchemas);
const layers = z.array(z.discriminatedUnion('type', layerSchemas)).superRefine((list, context) => {
  for (const [at, { type }] of list.slice(0, -1).entries())
    if (type === 'heatMap')
      context.addIssue({ code: 'custom', path: [at], message: 'has to be the last layer' });
});
const networkSpec = z.strictObject({ name: z.string().min(1).optional(), layers });

/** @throws InputProblem that names the layer (counted from 1; `4.2` is the second layer in the body of the fourth) and the field. */
export function parseNetworkSpec(json: unknown): NetworkSpec {
  const result = networkSpec.safeParse(json);
  if (result.success) return result.data;
  const { where, type, field, message } = specIssue(json, result.error.issues[0]!);
  const place = where === '' ? 'network' : `layer ${where}${type === undefined ? '' : ` (${type})`}`;
  throw new InputProblem(`${place}${field === undefined ? '' : `, field ${field}`}: ${message}`);
}

/** What is wrong in a spec, and where. */
export interface SpecIssue {
  /** The layer as people count (`4.2`); empty for the network as a whole. */
  readonly where: string;
  readonly type: string | undefined;
  readonly field: string | undefined;
  readonly message: string;
}

/** Everything that is wrong with the fields of a spec; nothing where it can be parsed. */
export function specIssues(json: unknown): SpecIssue[] {
  return networkSpec.safeParse(json).error?.issues.map((issue) => specIssue(json, issue)) ?? [];
}

/** layer 4.2, field kernel for the path layers, 3, body, 1, kernel. */
function specIssue(json: unknown, issue: z.core.$ZodIssue): SpecIssue {
  const numbers: number[] = [];
  let here = json;
  let type: string | undefined;
  for (const key of issue.path) {
    here = (here as Record<PropertyKey, unknown> | undefined)?.[key];
    if (typeof key !== 'number') continue;
    numbers.push(key + 1);
    const found = (here as { type?: unknown } | null)?.type;
    type = typeof found === 'string' ? found : undefined;
  }
  const last = issue.path.at(-1);
  return {
    where: numbers.join('.'),
    type,
    field: typeof last === 'string' && last !== 'type' ? last : undefined,
    message: describe(issue),
  };
}

/** @param path of a layer: inside blocks there are no heat maps */
function expectedTypes(path: readonly PropertyKey[]): string[] {
  return (path.includes('body') ? innerSchemas : layerSchemas).map(({ shape }) => shape.type.value);
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_union' && 'discriminator' in issue)
    return `unknown type (expected ${expectedTypes(issue.path).join(', ')})`;
  if (issue.code === 'invalid_union') return `expected ${issue.message}`;
  return issue.message
    .replace(/^Invalid input: /, '')
    .replace(/^Too (small|big): expected (number|array) to (be|have)/, 'expected');
}
