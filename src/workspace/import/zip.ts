/** Zip archives, read without trusting them: nothing is unpacked to a path, and everything that grows has a limit. */
import type { InflateRaw } from 'node:zlib';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { fromRandomAccessReaderPromise } from 'yauzl';
import { InputProblem } from '../../domain/problem.ts';
import type { FileSlice } from './slice.ts';
import { SliceReader } from './slice.ts';
import { count, nothingImported } from './words.ts';

/** An import reads at most this much, all archives and what lies in them together; the competition's archive has 0.3 GiB. */
export const mostUnpackedBytes = 16 * 2 ** 30;
/** A file above `smallFile` may unpack to at most this many times its size; tables of pixels reach 4. */
const largestRatio = 200;
const smallFile = 2 ** 24;
/** An import looks at no more files and folders than this. */
export const mostFiles = 1000;
/** A zip archive may hold zip archives, which may not. */
export const deepestNesting = 2;

/** What an import may still read. */
export class Budget {
  #files = mostFiles;
  #bytes = mostUnpackedBytes;

  spendFiles(file: string, files: number): void {
    this.#files -= files;
    if (this.#files < 0)
      throw refusal(
        'There are too many files.',
        file,
        `more than ${count(mostFiles)}`,
        'the five of the competition',
      );
  }

  spendBytes(file: string, bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0)
      throw refusal('This unpacks to too much.', file, `more than ${count(mostUnpackedBytes)} bytes`);
  }
}

/** One file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Unpacked, in bytes. */
  readonly size: number;
  /** Unpacks the file. @throws InputProblem when it is not what the archive says it is. */
  read(): AsyncGenerator<Buffer>;
  /** Where the file lies as it is, when it was stored without compression. */
  readonly stored: FileSlice | undefined;
}

/** Whether bytes begin as a zip archive does: with a file, or, when it is empty, with its end. */
export function looksLikeZip(head: Buffer | undefined): boolean {
  return head !== undefined && ['504b0304', '504b0506'].includes(head.toString('hex', 0, 4));
}

/**
 * The files in an archive, in its order; folders and what macOS adds are left out.
 * @param file what to call the archive in messages
 * @throws InputProblem when it is cut off, damaged, encrypted, or beyond the limits above.
 */
export async function* zipEntries(
  archive: FileSlice,
  file: string,
  budget: Budget,
): AsyncGenerator<ZipEntry> {
  const zip = await openZip(archive, file);
  try {
    budget.spendFiles(file, zip.entryCount);
    for await (const entry of entriesOf(zip, file)) {
      if (/(^|\/)(\.[^/]*|__MACOSX\/.*|[^/]*\/)$/.test(entry.fileName)) continue;
      const name = `${file} > ${entry.fileName}`;
      refuseUnreadable(entry, name);
      budget.spendBytes(name, entry.uncompressedSize);
      const packed = archive.slice(await dataStart(zip, entry, name), entry.compressedSize);
      yield {
        name,
        size: entry.uncompressedSize,
        read: () => unpack(packed, entry, name),
        stored: entry.compressionMethod === 0 ? packed : undefined,
      };
    }
  } finally {
    zip.close();
  }
}

async function openZip(archive: FileSlice, file: string): Promise<ZipFile> {
  try {
    return await fromRandomAccessReaderPromise(new SliceReader(archive), archive.size, { autoClose: false });
  } catch (error) {
    const cutOff = (error as Error).message.startsWith('End of central directory record signature not found');
    throw cutOff
      ? new InputProblem(
          'The zip archive is cut off: its table of contents, which stands at the end, is missing.',
          {
            file,
            found: `${count(archive.size)} bytes`,
            hint: `Download it again. ${nothingImported}`,
          },
        )
      : damaged(file, error);
  }
}

async function* entriesOf(zip: ZipFile, file: string): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    const { message } = error as Error;
    if (message.includes('encryption')) throw encrypted(file);
    if (/^(absolute path|invalid relative path|invalid characters)/.test(message))
      throw refusal('The zip archive names a file outside itself.', file, message);
    throw damaged(file, error);
  }
}

function refuseUnreadable(entry: Entry, name: string): void {
  if (entry.isEncrypted()) throw encrypted(name);
  if (!entry.canDecodeFileData())
    throw new InputProblem('The file is compressed in a way that is not supported.', {
      file: name,
      found: `zip method ${entry.compressionMethod}`,
      expected: 'stored or deflated',
      hint: `Pack it again as an ordinary zip. ${nothingImported}`,
    });
  const ratio = entry.uncompressedSize / entry.compressedSize;
  if (entry.uncompressedSize > smallFile && ratio > largestRatio)
    throw refusal(
      'The file unpacks to far more than a table of pictures would.',
      name,
      `${count(Math.round(ratio))} times its size`,
      `at most ${largestRatio} times`,
    );
}

async function dataStart(zip: ZipFile, entry: Entry, name: string): Promise<number> {
  try {
    return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
  } catch (error) {
    throw damaged(name, error);
  }
}

async function* unpack(packed: FileSlice, entry: Entry, name: string): AsyncGenerator<Buffer> {
  let size = 0;
  let checksum = 0;
  for await (const chunk of entry.compressionMethod === 0 ? packed.read() : inflated(packed, name)) {
    size += chunk.length;
    checksum = crc32(chunk, checksum);
    if (size > entry.uncompressedSize) break;
    yield chunk;
  }
  if (size !== entry.uncompressedSize || checksum !== entry.crc32)
    throw damaged(name, new Error('its size or checksum is not what the archive says'));
}

async function* inflated(packed: FileSlice, name: string): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: 1 << 21 });
  void feed(inflate, packed);
  try {
    for await (const chunk of inflate) yield chunk as Buffer;
  } catch (error) {
    throw damaged(name, error);
  }
}

/** Through one buffer, as a megabyte that is thrown away costs more in garbage collection than its unpacking. */
async function feed(inflate: InflateRaw, packed: FileSlice): Promise<void> {
  const write = (chunk: Buffer) =>
    new Promise<void>((resolve, reject) => {
      inflate.write(chunk, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  try {
    const buffer = Buffer.allocUnsafe(1 << 21);
    for (let position = 0; position < packed.size;) {
      const length = await packed.readAt(position, buffer);
      if (length === 0) break;
      await write(buffer.subarray(0, length));
      position += length;
    }
    inflate.end();
  } catch (error) {
    inflate.destroy(error as Error);
  }
}

function damaged(file: string, error: unknown): InputProblem {
  return new InputProblem(`The zip archive is damaged: ${(error as Error).message}.`, {
    file,
    hint: `Download it again. ${nothingImported}`,
  });
}

function encrypted(file: string): InputProblem {
  return new InputProblem('The zip archive is encrypted.', {
    file,
    hint: `Unpack it with its password and import the folder. ${nothingImported}`,
  });
}

function refusal(summary: string, file: string, found: string, expected?: string): InputProblem {
  return new InputProblem(summary, {
    file,
    found,
    ...(expected === undefined ? {} : { expected }),
    hint: `Import only archives whose origin you trust. ${nothingImported}`,
  });
}
