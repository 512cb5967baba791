/** What a training step reads and writes, in two sets of buffers that change places after each step: nothing is copied. */
import type * as OnnxRuntime from 'onnxruntime-node';
import { sizeOf } from '../../network/placed.ts';
import type { Parameters, TrainerState } from '../engine.ts';
import type { StateTensor } from './training-graph.ts';

type Runtime = typeof OnnxRuntime;

/** One set: the variables, and the views of their blocks that go to the runtime. */
interface Buffers {
  readonly variables: ReadonlyMap<string, Float32Array>;
  readonly inputs: Readonly<Record<string, OnnxRuntime.Tensor>>;
  readonly outputs: Readonly<Record<string, OnnxRuntime.Tensor>>;
}

export class StateTensors {
  readonly #variables: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly slot: boolean;
  }[];
  #now: Buffers;
  #next: Buffers;

  constructor(runtime: Runtime, tensors: readonly StateTensor[]) {
    const names = [...new Set(tensors.map(({ variable }) => variable))];
    this.#variables = names.map((name) => {
      const blocks = tensors.filter(({ variable }) => variable === name);
      const rows = blocks.reduce((sum, { shape }) => sum + shape[0]!, 0);
      return { name, shape: [rows, ...blocks[0]!.shape.slice(1)], slot: blocks[0]!.slot };
    });
    const buffers = (): Buffers => {
      const variables = new Map(
        this.#variables.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]),
      );
      const views = tensors.map(({ name, variable, shape, offset }) => {
        const view = variables.get(variable)!.subarray(offset, offset + sizeOf(shape));
        return [name, new runtime.Tensor('float32', view, shape)] as const;
      });
      const outputs = views.map(([name, tensor]) => [`next/${name}`, tensor] as const);
      return { variables, inputs: Object.fromEntries(views), outputs: Object.fromEntries(outputs) };
    };
    this.#now = buffers();
    this.#next = buffers();
  }

  get inputs(): Buffers['inputs'] {
    return this.#now.inputs;
  }

  get outputs(): Buffers['outputs'] {
    return this.#next.outputs;
  }

  /** What the step has written becomes what the next one reads. */
  advance(): void {
    [this.#now, this.#next] = [this.#next, this.#now];
  }

  /** Parameters as given, slots at 0. @throws Error as `set` does */
  start(parameters: Parameters): void {
    this.#check(parameters, false);
    this.#write(parameters);
  }

  /** @throws Error when a name is missing or unknown, or a shape is another; nothing is changed then */
  set({ parameters, slots }: Pick<TrainerState, 'parameters' | 'slots'>): void {
    this.#check(parameters, false);
    this.#check(slots, true);
    this.#write(parameters);
    this.#write(slots);
  }

  #check(values: Parameters, slot: boolean): void {
    const expected = this.#variables.filter((variable) => variable.slot === slot);
    const unknown = [...values.keys()].find((name) => !expected.some((variable) => variable.name === name));
    if (unknown !== undefined) throw new Error(`this network has no ${unknown}`);
    for (const { name, shape } of expected) {
      const found = values.get(name);
      if (found?.shape.join() !== shape.join())
        throw new Error(`${name} [${shape.join()}] is ${found ? `[${found.shape.join()}]` : 'missing'}`);
    }
  }

  #write(values: Parameters): void {
    for (const [name, { data }] of values) this.#now.variables.get(name)!.set(data);
  }

  copy(): Pick<TrainerState, 'parameters' | 'slots'> {
    const copies = (slot: boolean): Parameters =>
      new Map(
        this.#variables
          .filter((variable) => variable.slot === slot)
          .map(({ name, shape }) => [name, { shape, data: this.#now.variables.get(name)!.slice() }]),
      );
    return { parameters: copies(false), slots: copies(true) };
  }
}
