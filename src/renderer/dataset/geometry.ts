/** Where the faces of the grid stand, and where the arrow keys lead. Lengths are CSS pixels. */

export const gap = 12;
/** A face is no narrower. */
const narrowest = 148;
/** Below each face: its number and what is to say of it; in a second line the keypoint that stands out. */
const captionLine = { first: 20, second: 16 };

export interface Geometry {
  readonly columns: number;
  /** Of a face, which is a square. */
  readonly side: number;
  /** From one row's top to the next one's. */
  readonly rowHeight: number;
}

/** As many columns as fit, and the faces fill the width: a wide window has more of them, not larger ones. */
export function gridGeometry(width: number, twoLines: boolean): Geometry {
  const columns = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
  const side = Math.max(1, Math.floor((width - gap * (columns - 1)) / columns));
  const caption = captionLine.first + (twoLines ? captionLine.second : 0);
  return { columns, side, rowHeight: side + caption + gap };
}

/** Of a row in a virtual list, which measures what is within the padding: the row has the height that the list takes it for. */
export const rowStyle = (rowHeight: number) => ({
  display: 'flex',
  'align-items': 'start',
  height: `${rowHeight}px`,
  gap: `${gap}px`,
  padding: `0 ${gap}px`,
});

/** Where a key leads from the image at `from` of `total`; undefined for a key that does not move. */
export function moved(
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  from: number,
  total: number,
  columns: number,
  /** Rows in view. */
  rows: number,
): number | undefined {
  const page = columns * Math.max(1, rows - 1);
  const rowStart = from - (from % columns);
  const all = ctrlKey || metaKey;
  const targets: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from >= columns ? from - columns : from,
    ArrowDown: rowStart + columns < total ? from + columns : from,
    PageUp: from >= page ? from - page : from % columns,
    PageDown: from + page,
    Home: all ? 0 : rowStart,
    End: all ? total - 1 : rowStart + columns - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.max(0, Math.min(total - 1, target));
}
