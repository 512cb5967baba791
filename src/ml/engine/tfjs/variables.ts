/** Parameters, and what optimizers keep beside them, as variables of a graph. */
import { sizeOf, type ParameterInfo } from '../../network/placed.ts';
import { checkParameters } from '../check-parameters.ts';
import type { Parameters, Tensor } from '../engine.ts';
import type { Graph, Value } from './graph.ts';
import type { Session } from './session.ts';

/** The node that says that all variables of a set have their values. */
const RESTORED = 'restored';

/** A set of variables that are set and read together, in the shapes that they have outside this engine. */
export class Variables {
  readonly #graph: Graph;
  readonly #set: string;
  readonly #variables = new Map<string, Pick<ParameterInfo, 'shape'>>();
  readonly #assignments: Value[] = [];

  /** @param set of names, to tell it from other sets of the graph */
  constructor(graph: Graph, set: string) {
    this.#graph = graph;
    this.#set = set;
  }

  /** @returns the variable's handle; convolution weights are [height, width, in, out] inside */
  add(name: string, shape: ParameterInfo['shape']): Value {
    const graph = this.#graph;
    const isConv = shape.length === 4;
    const inside = isConv ? [2, 3, 1, 0].map((axis) => shape[axis]!) : shape;
    const variable = graph.variable(`${this.#set}/${name}`, inside);
    const given = graph.input(this.#givenName(name), shape);
    const value = isConv ? graph.transpose(given, [2, 3, 1, 0]) : given;
    // A copy: what is fed is the caller's own memory.
    this.#assignments.push(graph.assign(variable, graph.op('DeepCopy', [value])));
    const held = graph.read(variable);
    graph.output(this.#valueName(name), isConv ? graph.transpose(held, [3, 2, 0, 1]) : held);
    this.#variables.set(name, { shape });
    return variable;
  }

  /** Call when all have been added. */
  close(): void {
    this.#graph.output(`${this.#set}/${RESTORED}`, this.#graph.scalar(0), this.#assignments);
  }

  /** @throws Error when these are not all of them, in their shapes, and no others */
  check(values: Parameters): void {
    checkParameters(values, this.#variables);
  }

  restore(session: Session, values: Parameters): void {
    const given = Array.from(values, ([name, tensor]) => [this.#givenName(name), tensor] as const);
    session.run(new Map(given), [`${this.#set}/${RESTORED}`]);
  }

  clear(session: Session): void {
    const zeros = ({ shape }: Pick<ParameterInfo, 'shape'>): Tensor => ({
      shape,
      data: new Float32Array(sizeOf(shape)),
    });
    this.restore(session, new Map(Array.from(this.#variables, ([name, info]) => [name, zeros(info)])));
  }

  values(session: Session): Parameters {
    const names = [...this.#variables.keys()];
    const values = session.run(
      new Map(),
      names.map((name) => this.#valueName(name)),
    );
    return new Map(
      Array.from(this.#variables, ([name, { shape }], index) => [name, { shape, data: values[index]! }]),
    );
  }

  #givenName(name: string): string {
    return `${this.#set}/${name}/given`;
  }

  #valueName(name: string): string {
    return `${this.#set}/${name}/value`;
  }
}
