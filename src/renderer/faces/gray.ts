/** Gray pictures as a canvas takes them. */

/** RGBA of a gray picture, 0 to 255. */
export function grayPixels(gray: ArrayLike<number>): Uint8ClampedArray<ArrayBuffer> {
  // All four bytes at once; the last is the highest, as on every processor that browsers run on.
  const pixels = new Uint32Array(gray.length);
  for (let i = 0; i < gray.length; i++) pixels[i] = (gray[i]! * 0x010101) | 0xff000000;
  return new Uint8ClampedArray(pixels.buffer);
}

/** The bytes of a Base64 text. Browsers from before September 2025 do it by hand. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  if (typeof Uint8Array.fromBase64 === 'function') return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The 32-bit floats of a Base64 text, little-endian as every machine that runs this. */
export function floatsOf(base64: string): Float32Array {
  return new Float32Array(bytesOf(base64).buffer);
}
