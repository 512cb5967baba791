/** The square around a face in a picture, in the picture's pixels. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const leastSide = 16;

/** In the middle, as large as fits. */
export function firstBox({ width, height }: Size): Box {
  const side = Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/** Within the picture. */
export function moved(box: Box, x: number, y: number, size: Size): Box {
  return {
    x: clamp(box.x + x, 0, size.width - box.side),
    y: clamp(box.y + y, 0, size.height - box.side),
    side: box.side,
  };
}

/** About its middle, within the picture. @param by pixels that the side grows */
export function resized(box: Box, by: number, size: Size): Box {
  const side = clamp(
    box.side + by,
    Math.min(leastSide, size.width, size.height),
    Math.min(size.width, size.height),
  );
  const off = (box.side - side) / 2;
  return moved({ ...box, side }, off, off, size);
}

/** From a place in the box, drawn at `side` pixels, to the picture's own pixels: 0 is the middle of the first. */
export function toPicture(box: Box, side: number, { x, y }: { x: number; y: number }) {
  const scale = box.side / side;
  return { x: (x + 0.5) * scale - 0.5 + box.x, y: (y + 0.5) * scale - 0.5 + box.y };
}

/** @param rgba as a canvas gives it; @returns in base64, for the contract */
export function grayBase64(rgba: Uint8ClampedArray): string {
  let text = '';
  for (let i = 0; i < rgba.length; i += 4) {
    // As sRGB's luma: ITU-R BT.601.
    text += String.fromCharCode(Math.round(0.299 * rgba[i]! + 0.587 * rgba[i + 1]! + 0.114 * rgba[i + 2]!));
  }
  return btoa(text);
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
