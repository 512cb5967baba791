/**
 * What goes to the screen. For a person, results go to standard output and everything else to standard
 * error. With --json, standard output gets exactly one document, at the end, and all text goes to standard error.
 */
const eraseLine = '\r\x1b[2K';

export class Terminal {
  readonly json: boolean;
  /** A progress bar stands on the last line; it draws itself again after whatever is written. */
  drawing = false;

  constructor(json: boolean) {
    this.json = json;
  }

  /** A part of the result. */
  print(text: string): void {
    this.#write(this.json ? process.stderr : process.stdout, text);
  }

  /** What is going on, or a remark; not part of the result. */
  note(text: string): void {
    this.#write(process.stderr, text);
  }

  /** The one document of --json. */
  document(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  get interactive(): boolean {
    return process.stderr.isTTY === true;
  }

  #write(stream: NodeJS.WriteStream, text: string): void {
    if (this.drawing) process.stderr.write(eraseLine);
    stream.write(`${text}\n`);
  }
}
