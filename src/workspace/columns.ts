/** Values as SQLite's columns hold them, and back. */

/** The same memory, as SQLite binds it. Little-endian, as every machine is that the app is built for. */
export function toBlob(array: ArrayBufferView): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** A copy: a blob's memory need not be aligned. */
export function toFloats(blob: Buffer): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(blob.byteLength / 4);
  toBlob(floats).set(blob);
  return floats;
}

export function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
