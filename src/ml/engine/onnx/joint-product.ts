/**
 * The gradient of a large weight, made by all replicas together. Each multiplies some of its rows for the whole batch, so
 * that tens of megabytes are written once, where replicas that keep to their samples would each write all of them, and
 * then add them up.
 */
import type * as OnnxRuntime from 'onnxruntime-node';
import type { ParameterInfo } from '../../network/placed.ts';
import { free } from './free.ts';
import { Graph } from './graph.ts';
import { sessionOptions } from './session-options.ts';
import { inLanes, type Layout, partOf } from './training-memory.ts';

/** Both sides of the product, of all samples, in shared memory. */
export interface JointProduct {
  /** The weight, [in, out]; it lies as [out, in]. */
  readonly info: ParameterInfo;
  /** [batch, in] */
  readonly inputs: Float32Array;
  /** [batch, out] */
  readonly gradients: Float32Array;
}

/** Who computes which rows. */
interface Share {
  readonly layout: Layout;
  readonly replica: number;
  readonly replicas: number;
  readonly threads: number;
}

/** What a replica does of it. */
interface OwnRows {
  /** Places of its rows among all parameters. */
  readonly from: number;
  readonly to: number;
  compute(): Promise<void>;
  dispose(): Promise<void>;
}

/** @param area of gradients, which receives the rows */
export async function createJointProduct(
  runtime: typeof OnnxRuntime,
  { info, inputs, gradients }: JointProduct,
  { layout, replica, replicas, threads }: Share,
  area: Float32Array,
): Promise<OwnRows> {
  const [read, written] = info.shape as [number, number];
  const batch = inputs.length / read;
  // Groups of four rows, so that parts begin where the kernels may; what is left over goes to the last replica.
  const [first, border] = partOf(0, written, replica, replicas);
  const rows = (replica === replicas - 1 ? written : border) - first;
  const graph = new Graph();
  const own = graph.slice(graph.input('gradients', [batch, written]), [1], [first], [rows]);
  const product = graph.op('Gemm', [own, graph.input('inputs', [batch, read])], { transA: 1 });
  graph.output('rows', product, [rows, read]);
  const session = await runtime.InferenceSession.create(await graph.encode(), sessionOptions(threads));
  const { at } = layout.places.find(({ info: { name } }) => name === info.name)!;
  const [from, to] = [at + first * read, at + (first + rows) * read];
  const tensor = (data: Float32Array, shape: readonly number[]) => new runtime.Tensor('float32', data, shape);
  const feeds = { inputs: tensor(inputs, [batch, read]), gradients: tensor(gradients, [batch, written]) };
  const results = { rows: tensor(area.subarray(from, to), [rows, read]) };
  return {
    from,
    to: inLanes(to),
    async compute() {
      free(await session.run(feeds, results));
    },
    dispose: () => session.release(),
  };
}
