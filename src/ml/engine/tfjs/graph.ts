/** Writes TensorFlow graphs: operators are added one by one, values are known by their names. */

/** The name of a tensor in the graph: its node's, and `:1`, `:2`, ... behind it for the node's second, third, ... output. */
export type Value = string;

/** A number is an integer attribute; `{ float }` one that is not. */
type Attribute =
  | number
  | boolean
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly type: 'FLOAT' | 'INT32' }
  | { readonly shape: readonly number[] }
  /** The text of a TensorProto. */
  | { readonly tensor: string };

const FLOAT = { type: 'FLOAT' } as const;
const INT32 = { type: 'INT32' } as const;

export class Graph {
  readonly #nodes: string[] = [];
  readonly #constants = new Map<string, Value>();
  #count = 0;

  /** A value that is fed when the graph runs. @param shape -1 stands for a side that is known only then */
  input(name: string, shape: readonly number[]): Value {
    return this.#node(name, 'Placeholder', [], { dtype: FLOAT, shape: { shape } });
  }

  /** An operator on floats. @param after nodes that it waits for */
  op(
    type: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute> = {},
    after: readonly Value[] = [],
  ): Value {
    const name = `${type}_${this.#count++}`;
    return this.#node(name, type, inputs, { T: FLOAT, ...attributes }, after);
  }

  /** A value under a name of its own, there when other nodes have done their work. */
  output(name: string, value: Value, after: readonly Value[] = []): void {
    this.#node(name, 'Identity', [value], { T: FLOAT }, after);
  }

  /** What keeps its value between runs, under a handle. */
  variable(name: string, shape: readonly number[]): Value {
    return this.#node(name, 'VarHandleOp', [], { dtype: FLOAT, shape: { shape }, shared_name: name });
  }

  read(variable: Value): Value {
    return this.#node(`Read_${this.#count++}`, 'ReadVariableOp', [variable], { dtype: FLOAT });
  }

  assign(variable: Value, value: Value, after: readonly Value[] = []): Value {
    const name = `Assign_${this.#count++}`;
    return this.#node(name, 'AssignVariableOp', [variable, value], { dtype: FLOAT }, after);
  }

  reshape(value: Value, shape: readonly number[]): Value {
    return this.op('Reshape', [value, this.integers(shape)]);
  }

  transpose(value: Value, axes: readonly number[]): Value {
    return this.op('Transpose', [value, this.integers(axes)]);
  }

  /** The sum of all elements, a scalar. @param rank how many axes the value has */
  total(value: Value, rank: number): Value {
    return this.op('Sum', [value, this.integers([...Array(rank).keys()])]);
  }

  integers(values: readonly number[]): Value {
    const shape = `tensor_shape { dim { size: ${values.length} } }`;
    const elements = values.map((value) => `int_val: ${value}`).join(' ');
    return this.#constant(`int32 ${values.join()}`, INT32, `${shape} ${elements}`);
  }

  /** [before, after] of each axis. */
  pairs(values: readonly (readonly [number, number])[]): Value {
    const shape = `tensor_shape { dim { size: ${values.length} } dim { size: 2 } }`;
    const elements = values.flat().map((value) => `int_val: ${value}`);
    return this.#constant(`pairs ${values.join()}`, INT32, `${shape} ${elements.join(' ')}`);
  }

  scalar(value: number): Value {
    return this.#constant(`float ${value}`, FLOAT, `tensor_shape { } float_val: ${value}`);
  }

  /** The graph as a SavedModel in protobuf's text format, under this tag. */
  encode(tag: string): string {
    const nodes = this.#nodes.join('\n');
    return `saved_model_schema_version: 1 meta_graphs { meta_info_def { tags: "${tag}" } graph_def { ${nodes} } }`;
  }

  #constant(key: string, dtype: typeof FLOAT | typeof INT32, content: string): Value {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value = { tensor: `dtype: DT_${dtype.type} ${content}` };
    const name = this.#node(`Const_${this.#count++}`, 'Const', [], { dtype, value });
    this.#constants.set(key, name);
    return name;
  }

  #node(
    name: string,
    type: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    after: readonly Value[] = [],
  ): Value {
    const waits = after.map((value) => `^${value.split(':')[0]}`);
    const fields = [
      `name: "${name}" op: "${type}"`,
      ...[...inputs, ...waits].map((input) => `input: "${input}"`),
      ...Object.entries(attributes).map(
        ([key, value]) => `attr { key: "${key}" value { ${encodeAttribute(value)} } }`,
      ),
    ];
    this.#nodes.push(`node { ${fields.join(' ')} }`);
    return name;
  }
}

function encodeAttribute(value: Attribute): string {
  if (typeof value === 'number') return `i: ${value}`;
  if (typeof value === 'boolean') return `b: ${value}`;
  if (typeof value === 'string') return `s: "${value}"`;
  if ('float' in value) return `f: ${value.float}`;
  if ('type' in value) return `type: DT_${value.type}`;
  if ('tensor' in value) return `tensor { ${value.tensor} }`;
  if ('shape' in value) return `shape { ${value.shape.map((side) => `dim { size: ${side} }`).join(' ')} }`;
  return `list { ${value.map((element) => `i: ${element}`).join(' ')} }`;
}
