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
}

export interface MapCell {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

export function mapsOf(shape: readonly number[], values: Float32Array): Maps {
  const [channels, height, width] = shape;
  if (height !== undefined && width !== undefined)
    return { channels: channels!, height, width, values, listed: undefined };
  const listed = channels!;
  const columns = Math.ceil(Math.sqrt(listed));
  const rows = Math.ceil(listed / columns);
  const filled = new Float32Array(rows * columns);
  filled.set(values);
  return { channels: 1, height: rows, width: columns, values: filled, listed };
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
export function asked(maps: Maps, { channel, row, column }: MapCell): MapCell {
  if (maps.listed === undefined) return { channel, row, column };
  return { channel: row * maps.width + column, row: 0, column: 0 };
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
