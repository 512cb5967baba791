/** What a layer comes to, as pictures. */

/** A layer's output as maps. A list of values is one map, in which each value is a cell of its own. */
export interface Maps {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** [channels, height, width] */
  readonly values: Float32Array;
  /** Of a list; the map's last cells may stand for none. */
  readonly listed: number | undefined;
  /** Of heat maps: the side of the square of cells that each place of the layer has, one in each of its channels. Else 1. */
  readonly cells: number;
}

export interface MapCell {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

/** @param cells of a layer of heat maps, whose channels then become one map for each keypoint */
export function mapsOf(shape: readonly number[], values: Float32Array, cells = 1): Maps {
  const [channels, height, width] = shape;
  if (height !== undefined && width !== undefined)
    return {
      channels: channels! / cells ** 2,
      height: height * cells,
      width: width * cells,
      values: cells === 1 ? values : interleaved(values, height, width, cells),
      listed: undefined,
      cells,
    };
  const listed = channels!;
  const columns = Math.ceil(Math.sqrt(listed));
  const rows = Math.ceil(listed / columns);
  const filled = new Float32Array(rows * columns);
  filled.set(values);
  return { channels: 1, height: rows, width: columns, values: filled, listed, cells: 1 };
}

function interleaved(values: Float32Array, height: number, width: number, cells: number): Float32Array {
  const [rows, columns] = [height * cells, width * cells];
  return values.map((_, at) => {
    const row = Math.floor(at / columns) % rows;
    const shown = { channel: Math.floor(at / (rows * columns)), row, column: at % columns };
    const from = inLayer(cells, shown);
    return values[(from.channel * height + from.row) * width + from.column]!;
  });
}

/** Which cell of the layer one of a heat map is, as src/ml/network/cell-places.ts says. */
function inLayer(cells: number, { channel, row, column }: MapCell): MapCell {
  return {
    channel: (channel * cells + (row % cells)) * cells + (column % cells),
    row: Math.floor(row / cells),
    column: Math.floor(column / cells),
  };
}

export function channelOf({ height, width, values }: Maps, channel: number): Float32Array {
  return values.subarray(channel * height * width, (channel + 1) * height * width);
}

/** @returns the value; undefined for a cell that stands for none */
export function valueAt(maps: Maps, { channel, row, column }: MapCell): number | undefined {
  const at = row * maps.width + column;
  if (row < 0 || column < 0 || row >= maps.height || column >= maps.width) return undefined;
  if (maps.listed !== undefined && at >= maps.listed) return undefined;
  return channelOf(maps, channel)[at];
}

/** The cell as the service names it: in a list the channel is the value's place. */
export function asked(maps: Maps, cell: MapCell): MapCell {
  if (maps.listed === undefined) return inLayer(maps.cells, cell);
  return { channel: cell.row * maps.width + cell.column, row: 0, column: 0 };
}

/** Where the largest value of a channel is. */
export function strongestCell(maps: Maps, channel: number): MapCell {
  const values = channelOf(maps, channel);
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return { channel, row: Math.floor(best / maps.width), column: best % maps.width };
}

/** The channel with the largest value. */
export function strongestChannel(maps: Maps): number {
  let [best, most] = [0, -Infinity];
  for (let channel = 0; channel < maps.channels; channel++) {
    const value = valueAt(maps, strongestCell(maps, channel))!;
    if (value > most) [best, most] = [channel, value];
  }
  return best;
}
