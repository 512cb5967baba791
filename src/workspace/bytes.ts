/** Typed arrays as SQLite sees them, and back. All are little-endian, as every machine is that Node 24 runs on. */

/** The same memory, as SQLite binds it. */
export function toBlob(array: ArrayBufferView): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** A copy: a blob's memory need not be aligned. */
export function toFloats(blob: Buffer): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(blob.byteLength / 4);
  toBlob(floats).set(blob);
  return floats;
}
