/**
 * Checkpoints are safetensors files: 8 bytes with the header's length, a JSON header that places each tensor, the
 * tensors' bytes. What a resume needs besides tensors is JSON in the header's metadata under `fiducial`.
 * Format: https://github.com/huggingface/safetensors#format
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputProblem } from '../../domain/problem.ts';
import type { Parameters, Tensor } from '../engine/engine.ts';

export interface Checkpoint<Meta> {
  readonly meta: Meta;
  readonly tensors: Parameters;
}

/** Replaces the file in one step once the new one is safely on disk, so that a kill or a full disk leaves the old one. */
export function writeCheckpoint<Meta>(file: string, { meta, tensors }: Checkpoint<Meta>): void {
  let end = 0;
  const places: Record<string, unknown> = { __metadata__: { fiducial: JSON.stringify(meta) } };
  for (const [name, { shape, data }] of tensors)
    places[name] = { dtype: 'F32', shape, data_offsets: [end, (end += data.byteLength)] };
  const text = JSON.stringify(places);
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));

  replaceFile(file, [length, header, ...Array.from(tensors.values(), ({ data }) => data)]);
}

/** Writes the parts one after the other into a new file that then takes the name of the old one. */
export function replaceFile(file: string, parts: readonly NodeJS.ArrayBufferView[]): void {
  const unfinished = `${file}.new`;
  const handle = openSync(unfinished, 'w');
  try {
    for (const part of parts) for (let at = 0; at < part.byteLength;) at += writeSync(handle, part, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(unfinished, file);
  syncFolder(dirname(file));
}

/** Makes the new name durable. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** @throws InputProblem when the file is missing or no checkpoint of ours. */
export function readCheckpoint<Meta>(file: string): Checkpoint<Meta> {
  try {
    const bytes = readFileSync(file);
    const dataStart = 8 + Number(bytes.readBigUInt64LE());
    const { __metadata__, ...places } = JSON.parse(bytes.toString('utf8', 8, dataStart)) as Record<
      string,
      never
    > & {
      __metadata__: { fiducial: string };
    };
    const tensors = new Map<string, Tensor>();
    for (const [name, { shape, data_offsets }] of Object.entries<Place>(places)) {
      const [from, to] = data_offsets;
      if (dataStart + to > bytes.length) throw new Error('it ends too early');
      const data = new Float32Array((to - from) / 4);
      bytes.copy(Buffer.from(data.buffer), 0, dataStart + from, dataStart + to);
      tensors.set(name, { shape, data });
    }
    return { meta: JSON.parse(__metadata__.fiducial) as Meta, tensors };
  } catch (error) {
    throw new InputProblem('The checkpoint cannot be read.', {
      file,
      found: error instanceof Error ? error.message : String(error),
      hint: 'Train the run again.',
    });
  }
}

interface Place {
  readonly shape: number[];
  readonly data_offsets: [number, number];
}
