/**
 * The gradient of a large weight, made by all replicas together. Each computes a part of it for the whole batch, so
 * that tens of megabytes are written once, where replicas that keep to their samples would each write all of them, and
 * then add them up.
 */
import type * as OnnxRuntime from 'onnxruntime-node';
import type { ParameterInfo } from '../../network/placed.ts';
import { weightsOfInputs } from './blocked/dense.ts';
import { free } from './free.ts';
import { Graph } from './graph.ts';
import { sessionOptions } from './session-options.ts';
import { inLanes, type Layout } from './training-memory.ts';

/** Both sides of the product, of all samples, in shared memory. */
export interface JointProduct {
  /** The weight, [in, out]. */
  readonly info: ParameterInfo;
  /** It lies as [in / block, out, block]; without a block as [out, in]. */
  readonly block: number | undefined;
  /** [batch, in] */
  readonly inputs: Float32Array;
  /** [batch, out] */
  readonly gradients: Float32Array;
}

/** Who computes which part. */
interface Share {
  readonly layout: Layout;
  readonly replica: number;
  readonly replicas: number;
  readonly threads: number;
}

/** What a replica does of it. */
interface OwnPart {
  /** Its places among all parameters. */
  readonly from: number;
  readonly to: number;
  compute(): Promise<void>;
  dispose(): Promise<void>;
}

/** @param area of gradients, which receives the part */
export async function createJointProduct(
  runtime: typeof OnnxRuntime,
  { info, block, inputs, gradients }: JointProduct,
  { layout, replica, replicas, threads }: Share,
  area: Float32Array,
): Promise<OwnPart> {
  const [read, written] = info.shape as [number, number];
  const batch = inputs.length / read;
  const graph = new Graph();
  const sides = [graph.input('inputs', [batch, read]), graph.input('gradients', [batch, written])] as const;
  // The weight lies in `lines`, each of `length`, of which every replica has whole units: blocks, or four rows, so that
  // parts begin where the kernels may.
  const [lines, length, unit] = block === undefined ? [written, read, 4] : [read, written, block];
  const border = (of: number) =>
    of === replicas ? lines : unit * Math.floor((lines / unit) * (of / replicas));
  const first = border(replica);
  const count = border(replica + 1) - first;
  const product =
    block === undefined
      ? graph.op('Gemm', [graph.slice(sides[1], [1], [first], [count]), sides[0]], { transA: 1 })
      : weightsOfInputs(graph, block, sides, [batch, written], first, count);
  // Without a change of shape, for which the whole part would be copied.
  const shape = block === undefined ? [count, read] : [1, count, 1, written];
  graph.output('part', product, shape);
  const session = await runtime.InferenceSession.create(await graph.encode(), sessionOptions(threads));
  const { at } = layout.places.find(({ info: { name } }) => name === info.name)!;
  const [from, to] = [at + first * length, at + (first + count) * length];
  const tensor = (data: Float32Array, shape: readonly number[]) => new runtime.Tensor('float32', data, shape);
  const feeds = { inputs: tensor(inputs, [batch, read]), gradients: tensor(gradients, [batch, written]) };
  const results = { part: tensor(area.subarray(from, to), shape) };
  return {
    from,
    to: inLanes(to),
    async compute() {
      free(await session.run(feeds, results));
    },
    dispose: () => session.release(),
  };
}
