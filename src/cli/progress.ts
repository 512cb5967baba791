/** Progress of long work: on a terminal one line that is drawn over, elsewhere a plain line at every quarter. */
import type { SingleBar } from 'cli-progress';
import { duration } from './format.ts';
import type { Terminal } from './terminal.ts';

export class Progress {
  readonly #terminal: Terminal;
  readonly #name: string;
  readonly #bar: SingleBar | undefined;
  #quarter = 0;

  private constructor(terminal: Terminal, name: string, bar: SingleBar | undefined) {
    this.#terminal = terminal;
    this.#name = name;
    this.#bar = bar;
    terminal.drawing = bar !== undefined;
  }

  static async start(terminal: Terminal, name: string): Promise<Progress> {
    if (!terminal.interactive) return new Progress(terminal, name, undefined);
    const { default: cliProgress } = await import('cli-progress');
    const bar = new cliProgress.SingleBar({
      format: `${name}  {bar}  {percentage} %  {detail}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      forceRedraw: true,
      fps: 8,
      stream: process.stderr,
    });
    bar.start(100, 0, { detail: '' });
    return new Progress(terminal, name, bar);
  }

  /** @param share 0 to 1; it may begin anew with the next file or epoch; @param detail rate and the like */
  update(share: number, detail: string, secondsLeft?: number | null): void {
    const text = secondsLeft == null ? detail : `${detail}  ${duration(secondsLeft)} left`;
    if (this.#bar) this.#bar.update(Math.round(100 * Math.min(1, share)), { detail: text });
    else {
      const quarter = Math.floor(4 * share);
      const news = quarter > this.#quarter;
      this.#quarter = quarter;
      if (!news) return;
      this.#terminal.note(`${this.#name} ${Math.round(100 * share)} %  ${text}`);
    }
  }

  end(): void {
    this.#bar?.stop();
    this.#terminal.drawing = false;
  }
}
