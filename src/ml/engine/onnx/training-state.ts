/**
 * Parameters, gradients and optimizer slots in one WebAssembly memory: the runtime reads parameters and writes
 * gradients through views of it, the optimizer's kernels change it in place, and nothing is allocated in a step.
 */
import type * as OnnxRuntime from 'onnxruntime-node';
import { isTrained, sizeOf, type ParameterInfo } from '../../network/placed.ts';
import type { Parameters, Tensor, TrainerState } from '../engine.ts';
import { compileKernels, type OptimizerKernels } from './optimizer-kernels.ts';
import type { ParameterRange, UpdateRule } from './optimizer.ts';
import { gradientName, nextName } from './training-graph.ts';

type Runtime = typeof OnnxRuntime;

const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** The kernels take four elements at a time. */
const LANES = 4;
const PAGE_BYTES = 65_536;

export class TrainingState {
  readonly #rule: UpdateRule;
  readonly #kernels: OptimizerKernels;
  readonly #ranges: readonly ParameterRange[];
  readonly #parameters: ReadonlyMap<string, Tensor>;
  readonly #slots: ReadonlyMap<string, Tensor>;
  /** Running statistics, which the graph gives anew. */
  readonly #followed: readonly { readonly now: Tensor; readonly next: Tensor }[];
  /** Parameters by name, as the graph takes them. */
  readonly inputs: Readonly<Record<string, OnnxRuntime.Tensor>>;
  /** Where the graph writes gradients and running statistics. */
  readonly outputs: Readonly<Record<string, OnnxRuntime.Tensor>>;

  /** All zeros. */
  static async create(
    runtime: Runtime,
    parameters: readonly ParameterInfo[],
    rule: UpdateRule,
  ): Promise<TrainingState> {
    const elements = parameters.reduce((sum, { shape }) => sum + roundUp(sizeOf(shape)), 0);
    const bytes = elements * BYTES * (2 + rule.slots.length);
    const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE_BYTES)) });
    return new TrainingState(runtime, parameters, rule, memory, await compileKernels(memory));
  }

  private constructor(
    runtime: Runtime,
    parameters: readonly ParameterInfo[],
    rule: UpdateRule,
    memory: WebAssembly.Memory,
    kernels: OptimizerKernels,
  ) {
    this.#rule = rule;
    this.#kernels = kernels;
    let end = 0;
    const place = (infos: readonly ParameterInfo[]) =>
      new Map(
        infos.map(({ name, shape }) => {
          const data = new Float32Array(memory.buffer, end, sizeOf(shape));
          end += roundUp(data.length) * BYTES;
          return [name, { shape, data }] as const;
        }),
      );
    const layOut = (infos: readonly ParameterInfo[], decayed: boolean) => {
      const start = end;
      const values = place(infos);
      const parts = [gradientName, ...rule.slots.map((slot) => (name: string) => `${name}/${slot}`)].map(
        (rename) => ({
          address: end,
          tensors: place(infos.map((info) => ({ ...info, name: rename(info.name) }))),
        }),
      );
      const [gradients, ...slots] = parts as [(typeof parts)[number], ...typeof parts];
      const range: ParameterRange = {
        count: (gradients.address - start) / BYTES,
        parameter: start,
        gradient: gradients.address,
        slots: slots.map(({ address }) => address),
        decayed,
      };
      return { range, values, gradients: gradients.tensors, slots: slots.map(({ tensors }) => tensors) };
    };
    const trained = parameters.filter(isTrained);
    const groups = [
      layOut(
        trained.filter(({ role }) => role === 'weight'),
        true,
      ),
      layOut(
        trained.filter(({ role }) => role !== 'weight'),
        false,
      ),
    ];
    this.#ranges = groups.map(({ range }) => range);

    const zeros = (shape: readonly number[]): Tensor => ({ shape, data: new Float32Array(sizeOf(shape)) });
    const followed = parameters
      .filter((info) => !isTrained(info))
      .map(({ name, shape }) => ({ name, now: zeros(shape), next: zeros(shape) }));
    this.#followed = followed;

    const values = new Map([
      ...groups.flatMap((group) => [...group.values]),
      ...followed.map(({ name, now }) => [name, now] as const),
    ]);
    this.#parameters = new Map(parameters.map(({ name }) => [name, values.get(name)!]));
    this.#slots = new Map(groups.flatMap((group) => group.slots.flatMap((tensors) => [...tensors])));
    const tensors = (entries: Iterable<readonly [string, Tensor]>) =>
      Object.fromEntries(
        Array.from(entries, ([name, { shape, data }]) => [name, new runtime.Tensor('float32', data, shape)]),
      );
    this.inputs = tensors(this.#parameters);
    this.outputs = tensors([
      ...groups.flatMap((group) => [...group.gradients]),
      ...followed.map(({ name, next }) => [nextName(name), next] as const),
    ]);
  }

  /** Takes over what the graph has written. @param step counted from 1 */
  advance(step: number, learningRate: number): void {
    for (const range of this.#ranges) this.#rule.update(this.#kernels, range, step, learningRate);
    for (const { now, next } of this.#followed) now.data.set(next.data);
  }

  /** Parameters as given, slots at 0. @throws Error as `set` does */
  start(parameters: Parameters): void {
    check(parameters, this.#parameters);
    write(parameters, this.#parameters);
  }

  /** @throws Error when a name is missing or unknown, or a shape is another; nothing is changed then */
  set({ parameters, slots }: Pick<TrainerState, 'parameters' | 'slots'>): void {
    check(parameters, this.#parameters);
    check(slots, this.#slots);
    write(parameters, this.#parameters);
    write(slots, this.#slots);
  }

  copy(): Pick<TrainerState, 'parameters' | 'slots'> {
    const copied = (tensors: Parameters): Parameters =>
      new Map(Array.from(tensors, ([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
    return { parameters: copied(this.#parameters), slots: copied(this.#slots) };
  }
}

function check(values: Parameters, expected: Parameters): void {
  const unknown = [...values.keys()].find((name) => !expected.has(name));
  if (unknown !== undefined) throw new Error(`this network has no ${unknown}`);
  for (const [name, { shape }] of expected) {
    const found = values.get(name);
    if (found?.shape.join() !== shape.join())
      throw new Error(`${name} [${shape.join()}] is ${found ? `[${found.shape.join()}]` : 'missing'}`);
  }
}

function write(values: Parameters, to: Parameters): void {
  for (const [name, { data }] of values) to.get(name)!.data.set(data);
}

function roundUp(elements: number): number {
  return Math.ceil(elements / LANES) * LANES;
}
