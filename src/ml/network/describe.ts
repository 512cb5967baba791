/** A network while it is being written: what each layer comes to, and what is wrong with it, said at the layer. */
import type { Layer } from '../../domain/network-spec.ts';
import { InputProblem } from '../../domain/problem.ts';
import type { InputShape } from '../engine/engine.ts';
import { isMap, isTrained, parametersOf, sizeOf, type PlacedLayer, type Shape } from './placed.ts';
import {
  type Field,
  multiplyAddsOf,
  named,
  onePixel,
  placeLayer,
  placeOutput,
  shapeNetwork,
  widened,
} from './shapes.ts';
import { parseNetworkSpec, type SpecIssue, specIssues } from './spec.ts';

interface LayerDescription {
  /** As people count: `4.2` is the second layer in the body of the fourth. */
  readonly place: string;
  readonly type: string;
  /** `conv1`, `residual2.conv1`; the first part of its parameters' names. */
  readonly name: string;
  /** [channels, height, width] or [values]; this and what follows is null where it, or a layer before it, is wrong. */
  readonly output: number[] | null;
  /** Numbers that training learns. */
  readonly parameters: number | null;
  /** Of one picture's forward pass. */
  readonly multiplyAdds: number | null;
  /** Pixels of the input, [height, width], that one value of its output depends on. */
  readonly receptiveField: [number, number] | null;
  readonly problems: { readonly field: string | null; readonly message: string }[];
  /** Of a residual block. */
  readonly body: LayerDescription[];
}

export interface NetworkDescription {
  /** The output layer, which no spec lists, last. */
  readonly layers: LayerDescription[];
  /** What is wrong with the network as a whole. */
  readonly problems: string[];
  /** Null while anything is wrong. */
  readonly totals: {
    readonly parameters: number;
    readonly multiplyAdds: number;
    /** Of one cell of the last map. */
    readonly receptiveField: [number, number];
  } | null;
}

/** Whatever `spec` is, this says what is wrong with it and throws nothing. */
export function describeNetwork(spec: unknown, input: InputShape, outputs: number): NetworkDescription {
  const issues = specIssues(spec);
  const problems = issues.filter(({ where }) => where === '').map(({ message }) => message);
  const list = (spec as { layers?: unknown } | null)?.layers;
  const start: Reached = { shape: [1, input.height, input.width], field: onePixel, whole: input };
  const walk = describeList(Array.isArray(list) ? list : [], start, {
    path: '',
    prefix: '',
    issues,
    outputs,
  });
  const output =
    problems.length === 0 &&
    walk.reached &&
    tried(() => placeOutput((list as Layer[]).at(-1), walk.reached!.shape, outputs));
  if (output && 'problem' in output) problems.push(output.problem);
  if (output && 'placed' in output)
    walk.layers.push(described(output.placed, walk.reached!, 'output', [], []).layer);
  const right = problems.length === 0 && walk.reached !== undefined;
  return {
    layers: walk.layers,
    problems,
    totals: right ? totalsOf(parseNetworkSpec(spec), input, outputs) : null,
  };
}

function totalsOf(...network: Parameters<typeof shapeNetwork>): NonNullable<NetworkDescription['totals']> {
  const { parameterCount, multiplyAdds, receptiveField } = shapeNetwork(...network);
  return { parameters: parameterCount, multiplyAdds, receptiveField: [...receptiveField] };
}

/** Where a network has come to. */
interface Reached {
  readonly shape: Shape;
  readonly field: Field;
  /** The picture: what a value depends on that is on no map any more. */
  readonly whole: InputShape;
}

interface Context {
  readonly path: string;
  readonly prefix: string;
  readonly issues: readonly SpecIssue[];
  /** Of the network. */
  readonly outputs: number;
}

/** `reached` is undefined behind a layer that is wrong. */
interface Walk {
  readonly layers: LayerDescription[];
  readonly reached: Reached | undefined;
}

function describeList(list: readonly unknown[], start: Reached, context: Context): Walk {
  const { path, prefix, issues, outputs } = context;
  const layers: LayerDescription[] = [];
  let reached: Reached | undefined = start;
  for (const { layer, name, where } of named(list.map(typed), path, prefix)) {
    const problems = issues.filter((issue) => issue.where === where);
    const right = !issues.some((issue) => issue.where === where || issue.where.startsWith(`${where}.`));
    const body: Walk | undefined =
      'body' in layer && Array.isArray(layer.body) && reached
        ? describeList(layer.body, reached, { ...context, path: `${where}.`, prefix: `${name}.` })
        : undefined;
    const inside = body?.layers ?? [];
    const before: Reached | undefined = reached;
    const placing =
      right && before && (!body || body.reached)
        ? tried(() => placeLayer(layer as Layer, name, before.shape, outputs, where))
        : undefined;
    if (placing && 'placed' in placing) {
      const next = described(placing.placed, before!, where, problems, inside);
      layers.push(next.layer);
      reached = next.reached;
      continue;
    }
    const misfit = placing ? [{ field: undefined, message: placing.problem }] : [];
    layers.push(unknownLayer(layer.type, name, where, [...problems, ...misfit], inside));
    reached = undefined;
  }
  return { layers, reached };
}

function described(
  placed: PlacedLayer,
  { field, whole }: Reached,
  place: string,
  problems: readonly Pick<SpecIssue, 'field' | 'message'>[],
  body: LayerDescription[],
): { layer: LayerDescription; reached: Reached } {
  const next = widened(field, placed);
  return {
    layer: {
      ...unknownLayer(placed.type, placed.name, place, problems, body),
      output: [...placed.output],
      parameters: parametersOf(placed)
        .filter(isTrained)
        .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      multiplyAdds: multiplyAddsOf(placed),
      receptiveField: isMap(placed.output) ? [next.height, next.width] : [whole.height, whole.width],
    },
    reached: { shape: placed.output, field: next, whole },
  };
}

function unknownLayer(
  type: string,
  name: string,
  place: string,
  problems: readonly Pick<SpecIssue, 'field' | 'message'>[],
  body: LayerDescription[],
): LayerDescription {
  return {
    place,
    type,
    name,
    output: null,
    parameters: null,
    multiplyAdds: null,
    receptiveField: null,
    problems: problems.map(({ field = null, message }) => ({ field, message })),
    body,
  };
}

/** The message without the layer's number, which stands beside it. */
function tried(place: () => PlacedLayer): { placed: PlacedLayer } | { problem: string } {
  try {
    return { placed: place() };
  } catch (error) {
    if (error instanceof InputProblem)
      return { problem: error.message.replace(/^(layer [^:]*|network): /, '') };
    throw error;
  }
}

/** Something that has a type, whatever was written. */
function typed(value: unknown): { readonly type: string; readonly body?: unknown } {
  const type: unknown = (value as { type?: unknown } | null | undefined)?.type;
  return typeof type === 'string' ? (value as { type: string }) : { type: '' };
}
