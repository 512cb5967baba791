/**
 * Parameters, optimizer slots and gradients in one WebAssembly memory, which replicas share. It is divided into areas
 * of equal layout, so that a parameter, its slots and its gradients stand at the same place of their areas: first the
 * parameters, then an area for each slot, then one for each replica's gradients.
 */
import { isTrained, sizeOf, type ParameterInfo } from '../../network/placed.ts';

const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** The kernels take four elements at a time. */
const LANES = 4;
const PAGE_BYTES = 65_536;

/** Places of an area, in elements; all begin at multiples of four. */
export interface Layout {
  /** In the order of the network. */
  readonly places: readonly { readonly info: ParameterInfo; readonly at: number }[];
  /** Weights whose gradient all replicas make together stand before this; then come the other weights. */
  readonly jointEnd: number;
  /** Weights, which decay, stand before this; then come the other trained parameters. */
  readonly decayedEnd: number;
  /** From here on stand running statistics, which have no gradient. */
  readonly trainedEnd: number;
  readonly end: number;
}

export function layOut(
  parameters: readonly ParameterInfo[],
  isJoint: (info: ParameterInfo) => boolean,
): Layout {
  const at = new Map<ParameterInfo, number>();
  let end = 0;
  const place = (infos: readonly ParameterInfo[]) => {
    for (const info of infos) {
      at.set(info, end);
      end += inLanes(sizeOf(info.shape));
    }
    return end;
  };
  const trained = parameters.filter(isTrained);
  const weights = trained.filter(({ role }) => role === 'weight');
  const jointEnd = place(weights.filter(isJoint));
  const decayedEnd = place(weights.filter((info) => !isJoint(info)));
  const trainedEnd = place(trained.filter(({ role }) => role !== 'weight'));
  place(parameters.filter((info) => !isTrained(info)));
  const places = parameters.map((info) => ({ info, at: at.get(info)! }));
  return { places, jointEnd, decayedEnd, trainedEnd, end };
}

/** The next multiple of four. */
export function inLanes(count: number): number {
  return Math.ceil(count / LANES) * LANES;
}

export function createMemory({ end }: Layout, areas: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.max(1, Math.ceil((end * BYTES * areas) / PAGE_BYTES));
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}

/** Byte address of an element of an area. */
export function addressOf({ end }: Layout, area: number, at: number): number {
  return (area * end + at) * BYTES;
}

export function areaOf(memory: WebAssembly.Memory, layout: Layout, area: number): Float32Array {
  return new Float32Array(memory.buffer, addressOf(layout, area, 0), layout.end);
}

/** The part of [from, to) that a replica updates, in whole groups of four. */
export function partOf(from: number, to: number, replica: number, replicas: number): [number, number] {
  const border = (index: number) => from + LANES * Math.floor(((to - from) / LANES) * (index / replicas));
  return [border(replica), border(replica + 1)];
}
