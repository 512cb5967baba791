/** A network as a short JSON list of layers, the same for every engine. */
import { z } from 'zod';
import { InputProblem } from '../../domain/problem.ts';

const count = z.int().min(1).max(65_536);
/** A side in pixels or [height, width]. */
const size = z.union([count, z.tuple([count, count])], { error: 'a whole number or [height, width]' });

const conv = z.strictObject({
  type: z.literal('conv'),
  filters: count,
  kernel: size,
  /** Default 1, the same in both directions. */
  stride: count.optional(),
  /**
   * Zeros around the map: `valid` (default) none; `same` as many as make the result ceil(input / stride), the odd one
   * at the bottom and right, as TensorFlow does; a number that many on every side.
   */
  padding: z
    .union([z.enum(['valid', 'same']), z.int().min(0).max(1024)], {
      error: '"valid", "same" or a whole number',
    })
    .optional(),
  /** Default true. */
  bias: z.boolean().optional(),
});
/** The stride defaults to the size. Windows that do not fit at the right and bottom edges are left out. */
const pool = { size: count, stride: count.optional() };
/** Of a map: over batch, height and width. `momentum` (default 0.9) is the share of the running value that is kept. */
const batchNorm = z.strictObject({
  type: z.literal('batchNorm'),
  momentum: z.number().min(0).lt(1).optional(),
  /** Default 1e-5. */
  epsilon: z.number().positive().optional(),
});
/** shortcut(x) + body(x). The shortcut is x; where shapes differ, its mean over stride x stride cells and a 1x1 convolution. */
const residual = z.strictObject({
  type: z.literal('residual'),
  get body() {
    return z.array(layer).min(1);
  },
  /** A learnt factor on the body that starts at 0 (SkipInit), so that deep networks train without normalisation. Default false. */
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
  /** `rate` is the share of values that training sets to zero; the rest are scaled by 1 / (1 - rate). */
  z.strictObject({ type: z.literal('dropout'), rate: z.number().min(0).lt(1) }),
] as const;
const layer = z.discriminatedUnion('type', layerSchemas);
const networkSpec = z.strictObject({ name: z.string().min(1).optional(), layers: z.array(layer) });

export type Layer = z.infer<typeof layer>;
/** The last layer of every network, dense with as many units as there are outputs, is not listed: it is added as `output`. */
export type NetworkSpec = z.infer<typeof networkSpec>;

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
