/** Gray pictures as a canvas takes them. */

/** RGBA of a gray picture, 0 to 255. */
export function grayPixels(gray: ArrayLike<number>): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * gray.length);
  for (let i = 0; i < gray.length; i++) {
    const at = 4 * i;
    pixels[at] = pixels[at + 1] = pixels[at + 2] = gray[i]!;
    pixels[at + 3] = 255;
  }
  return pixels;
}

/** The bytes of a Base64 text. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The 32-bit floats of a Base64 text, little-endian as every machine that runs this. */
export function floatsOf(base64: string): Float32Array {
  return new Float32Array(bytesOf(base64).buffer);
}
