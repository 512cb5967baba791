/** Tables of comma-separated values of which one column, Image, may hold thousands of numbers. */
import type { CsvRow } from './csv-rows.ts';
import { RowSplitter } from './csv-rows.ts';
import { plainPixelReader } from './pixel-kernel.ts';

/**
 * A table whose header has been read and whose rows have not.
 * All its errors are InputProblems that name the file, the row and, where it is known, the column.
 */
export class CsvTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly #splitter: RowSplitter;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #ready: CsvRow[];

  private constructor(
    name: string,
    splitter: RowSplitter,
    chunks: AsyncIterator<Uint8Array>,
    ready: CsvRow[],
  ) {
    this.name = name;
    this.columns = splitter.columns;
    this.#splitter = splitter;
    this.#chunks = chunks;
    this.#ready = ready;
  }

  /** Reads as far as the header. */
  static async open(name: string, bytes: AsyncIterable<Uint8Array>): Promise<CsvTable> {
    const splitter = new RowSplitter(name, await plainPixelReader());
    const chunks = bytes[Symbol.asyncIterator]();
    const ready: CsvRow[] = [];
    try {
      while (splitter.columns.length === 0) {
        const { value, done } = await chunks.next();
        ready.push(...(done ? splitter.end() : splitter.push(value)));
        if (done) break;
      }
    } catch (error) {
      await chunks.return?.();
      throw error;
    }
    return new CsvTable(name, splitter, chunks, ready);
  }

  /** The rows in order, some at a time. Their pixels are overwritten when the next rows are asked for. */
  async *rows(): AsyncGenerator<readonly CsvRow[]> {
    try {
      if (this.#ready.length > 0) yield this.#ready;
      this.#ready = [];
      for (;;) {
        const { value, done } = await this.#chunks.next();
        const rows = done ? this.#splitter.end() : this.#splitter.push(value);
        if (rows.length > 0) yield rows;
        if (done) return;
      }
    } finally {
      await this.close();
    }
  }

  /** Lets go of the file; needed only when the rows are not read. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
