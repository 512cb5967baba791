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
    return z.array(layer).min(1);
  },
  scale: z.boolean().optional(),
});

const layerSchemas = [
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
const layer = z.discriminatedUnion('type', layerSchemas);
const networkSpec = z.strictObject({ name: z.string().min(1).optional(), layers: z.array(layer) });

/** @throws InputProblem that names the layer (counted from 1; `4.2` is the second layer in the body of the fourth) and the field. */
export function parseNetworkSpec(json: unknown): NetworkSpec {
  const result = networkSpec.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new InputProblem(`${placeOf(json, issue.path)}: ${describe(issue)}`);
}

/** "layer 4.2 (conv), field kernel" for the path layers, 3, body, 1, kernel. */
function placeOf(json: unknown, path: readonly PropertyKey[]): string {
  const numbers: number[] = [];
  let here = json;
  let place = 'network';
  for (const key of path) {
    here = (here as Record<PropertyKey, unknown> | undefined)?.[key];
    if (typeof key !== 'number') continue;
    numbers.push(key + 1);
    const type = (here as { type?: unknown } | null)?.type;
    place = `layer ${numbers.join('.')}${typeof type === 'string' ? ` (${type})` : ''}`;
  }
  const last = path.at(-1);
  return typeof last === 'string' && last !== 'type' ? `${place}, field ${last}` : place;
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_union' && 'discriminator' in issue)
    return `unknown type (expected ${layerSchemas.map((schema) => schema.shape.type.value).join(', ')})`;
  if (issue.code === 'invalid_union') return `expected ${issue.message}`;
  return issue.message
    .replace(/^Invalid input: /, '')
    .replace(/^Too (small|big): expected (number|array) to (be|have)/, 'expected');
}
