/** Writes ONNX graphs: operators are added one by one, values are known by their names. */
import type { onnx } from 'onnx-proto';

/** The name of a tensor in the graph. */
export type Value = string;

/** A number is an integer attribute, a list one of integers; `{ float }` is not. */
type Attribute = number | string | readonly number[] | { readonly float: number };

/** What the domain of standard operators and onnxruntime's own ones are at. */
const OPSETS = [
  { domain: '', version: 15 },
  { domain: 'com.microsoft', version: 1 },
  { domain: 'com.microsoft.nchwc', version: 1 },
];
const IR_VERSION = 8;

// From onnx.proto; the package is loaded only to encode.
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

export class Graph {
  readonly #inputs: onnx.IValueInfoProto[] = [];
  readonly #outputs: onnx.IValueInfoProto[] = [];
  readonly #constants = new Map<string, onnx.ITensorProto>();
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #outputNames = new Map<Value, string>();
  #count = 0;

  /** @param shape a string stands for a side that is known only when the graph runs */
  input(name: string, shape: readonly (number | string)[]): Value {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Gives a value its name as an output of the graph. */
  output(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.#outputNames.set(value, name);
    this.#outputs.push(valueInfo(name, shape));
  }

  /** @param type an operator, after its domain and a colon where it is not a standard one; an input that is left out is '' */
  op(type: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    return this.#node(type, inputs, attributes, 1)[0]!;
  }

  split(value: Value, sizes: readonly number[], axis: number): Value[] {
    if (sizes.length === 1) return [value];
    return this.#node('Split', [value, this.integers(sizes)], { axis }, sizes.length);
  }

  concat(values: readonly Value[], axis: number): Value {
    return values.length === 1 ? values[0]! : this.op('Concat', values, { axis });
  }

  sum(values: readonly Value[]): Value {
    return values.reduce((sum, value) => this.op('Add', [sum, value]));
  }

  reshape(value: Value, shape: readonly number[]): Value {
    return this.op('Reshape', [value, this.integers(shape)]);
  }

  /** A sum over axes, which are kept with length 1 if `keep`. */
  reduceSum(value: Value, axes: readonly number[], keep = false): Value {
    return this.op('ReduceSum', [value, this.integers(axes)], { keepdims: keep ? 1 : 0 });
  }

  /** Along each axis, `lengths` elements from `from` on that lie `steps` (default 1) apart. */
  slice(
    value: Value,
    axes: readonly number[],
    from: readonly number[],
    lengths: readonly number[],
    steps?: readonly number[],
  ): Value {
    const end = from.map((start, index) => start + (lengths[index]! - 1) * (steps?.[index] ?? 1) + 1);
    const bounds = [this.integers(from), this.integers(end), this.integers(axes)];
    return this.op('Slice', [value, ...bounds, ...(steps ? [this.integers(steps)] : [])]);
  }

  transpose(value: Value, order: readonly number[]): Value {
    return this.op('Transpose', [value], { perm: order });
  }

  /** Zeros around the maps: [top, left, bottom, right]. */
  pad(value: Value, [top, left, bottom, right]: readonly [number, number, number, number]): Value {
    return this.padAxes(value, [0, 0, top, left], [0, 0, bottom, right]);
  }

  /** Zeros before and after along each axis; a negative number takes cells away. */
  padAxes(value: Value, before: readonly number[], after: readonly number[]): Value {
    const around = [...before, ...after];
    if (around.every((count) => count === 0)) return value;
    return this.op('Pad', [value, this.integers(around)]);
  }

  /** 1 where the value is above -offset / 1e30, else 0, in one pass: a step function that Greater and Where take two for. */
  step(value: Value, offset: 0 | 1): Value {
    return this.op('HardSigmoid', [value], { alpha: { float: 1e30 }, beta: { float: offset } });
  }

  integers(values: readonly number[]): Value {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant(`int64 ${values.join()}`, {
      dims: [values.length],
      dataType: INT64,
      rawData: bytes,
    });
  }

  scalar(value: number): Value {
    return this.#constant(`float ${value}`, floatTensor([], Float32Array.of(value)));
  }

  /** A tensor inside the graph, under a name of its own. */
  tensor(name: string, shape: readonly number[], data: Float32Array): Value {
    return this.#constant(name, floatTensor(shape, data));
  }

  /** The bytes of the model, without the nodes that no output needs. */
  async encode(metadata: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
    const { default: proto } = await import('onnx-proto');
    const nodes = this.#neededNodes();
    const used = new Set(nodes.flatMap((node) => node.input!));
    const model: onnx.IModelProto = {
      irVersion: IR_VERSION,
      producerName: 'fiducial',
      opsetImport: OPSETS.filter(
        ({ domain }) => domain === '' || nodes.some((node) => node.domain === domain),
      ),
      graph: {
        name: 'network',
        node: nodes,
        initializer: [...this.#constants.values()].filter(({ name }) => used.has(name!)),
        input: this.#inputs,
        output: this.#outputs,
      },
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    };
    return proto.onnx.ModelProto.encode(model).finish();
  }

  #node(
    type: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    outputs: number,
  ): Value[] {
    const [operator, domain] = type.split(':').reverse() as [string, string?];
    const number = this.#count++;
    const names = Array.from(
      { length: outputs },
      (_, index) => `${operator}_${number}${index ? `_${index}` : ''}`,
    );
    this.#nodes.push({
      name: `${operator}_${number}`,
      opType: operator,
      domain: domain ?? '',
      input: [...inputs],
      output: names,
      attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
    });
    return names;
  }

  #constant(name: string, tensor: onnx.ITensorProto): Value {
    this.#constants.set(name, { ...tensor, name });
    return name;
  }

  #neededNodes(): onnx.INodeProto[] {
    const needed = new Set(this.#outputNames.keys());
    const rename = (value: Value) => this.#outputNames.get(value) ?? value;
    const kept: onnx.INodeProto[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.output!.some((output) => needed.has(output))) continue;
      for (const input of node.input!) needed.add(input);
      kept.push({ ...node, input: node.input!.map(rename), output: node.output!.map(rename) });
    }
    return kept.reverse();
  }
}

function floatTensor(shape: readonly number[], data: Float32Array): onnx.ITensorProto {
  return {
    dims: [...shape],
    dataType: FLOAT,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function valueInfo(name: string, shape: readonly (number | string)[]): onnx.IValueInfoProto {
  const dim = shape.map((side) => (typeof side === 'string' ? { dimParam: side } : { dimValue: side }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}

function encodeAttribute(name: string, value: Attribute): onnx.IAttributeProto {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_INT, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE_STRING, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: ATTRIBUTE_FLOAT, f: value.float };
  return { name, type: ATTRIBUTE_INTS, ints: [...value] };
}
