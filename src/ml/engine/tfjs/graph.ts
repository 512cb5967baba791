/** Writes TensorFlow graphs: operators are added one by one, values are known by their names. */

/** The name of a tensor in the graph: its node's, and `:1`, `:2`, ... behind it for the node's second, third, ... output. */
export type Value = string;

/** A number is an integer attribute; `{ float }` one that is not. */
export type Attribute =
  | number
  | boolean
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly type: 'FLOAT' | 'INT32' }
  | { readonly shape: readonly number[] }
  | { readonly constant: Constant };

/** A value that is part of the graph: integers for the operators' own use, floats for all else. */
export interface Constant {
  readonly type: 'FLOAT' | 'INT32';
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** An operator with the values that it takes; those with ^ it only waits for. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

const FLOAT = { type: 'FLOAT' } as const;

export class Graph {
  readonly nodes: GraphNode[] = [];
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
    return this.#shared({ type: 'INT32', shape: [values.length], values });
  }

  /** [before, after] of each axis. */
  pairs(values: readonly (readonly [number, number])[]): Value {
    return this.#shared({ type: 'INT32', shape: [values.length, 2], values: values.flat() });
  }

  scalar(value: number): Value {
    return this.#shared({ type: 'FLOAT', shape: [], values: [value] });
  }

  constant(name: string, constant: Constant): Value {
    return this.#node(name, 'Const', [], { dtype: { type: constant.type }, value: { constant } });
  }

  /** The graph as a SavedModel in protobuf's text format, under this tag. */
  encode(tag: string): string {
    const nodes = this.nodes.map(encodeNode).join('\n');
    return `saved_model_schema_version: 1 meta_graphs { meta_info_def { tags: "${tag}" } graph_def { ${nodes} } }`;
  }

  /** A small constant, once for all that take it. */
  #shared(constant: Constant & { readonly values: readonly number[] }): Value {
    const key = `${constant.type} ${constant.shape.join()}: ${constant.values.join()}`;
    const value = this.#constants.get(key) ?? this.constant(`Const_${this.#count++}`, constant);
    this.#constants.set(key, value);
    return value;
  }

  #node(
    name: string,
    op: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    after: readonly Value[] = [],
  ): Value {
    const waits = after.map((value) => `^${value.split(':')[0]}`);
    this.nodes.push({ name, op, inputs: [...inputs, ...waits], attributes });
    return name;
  }
}

function encodeNode({ name, op, inputs, attributes }: GraphNode): string {
  const fields = [
    `name: "${name}" op: "${op}"`,
    ...inputs.map((input) => `input: "${input}"`),
    ...Object.entries(attributes).map(
      ([key, value]) => `attr { key: "${key}" value { ${encodeAttribute(value)} } }`,
    ),
  ];
  return `node { ${fields.join(' ')} }`;
}

function encodeAttribute(value: Attribute): string {
  if (typeof value === 'number') return `i: ${value}`;
  if (typeof value === 'boolean') return `b: ${value}`;
  if (typeof value === 'string') return `s: "${value}"`;
  if ('float' in value) return `f: ${value.float}`;
  if ('type' in value) return `type: DT_${value.type}`;
  if ('constant' in value) return `tensor { ${encodeConstant(value.constant)} }`;
  if ('shape' in value) return `shape { ${encodeShape(value.shape)} }`;
  return `list { ${value.map((element) => `i: ${element}`).join(' ')} }`;
}

function encodeConstant({ type, shape, values }: Constant): string {
  const field = type === 'INT32' ? 'int_val' : 'float_val';
  const elements = Array.from(values, (value) => `${field}: ${value}`);
  return `dtype: DT_${type} tensor_shape { ${encodeShape(shape)} } ${elements.join(' ')}`;
}

function encodeShape(shape: readonly number[]): string {
  return shape.map((side) => `dim { size: ${side} }`).join(' ');
}
