/** Work that goes on while a person looks at something else: an import, a run's predictions. The top bar shows it. */

export class Task {
  readonly title: string;
  readonly #controller = new AbortController();
  /** 0 to 1; undefined while nobody knows. */
  share = $state<number>();
  /** What it is at: `4,096 rows, 2,100 a second`. */
  detail = $state('');
  #since = performance.now();
  #from = 0;

  constructor(title: string) {
    this.title = title;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(): void {
    this.#controller.abort();
  }

  /** Another part of the work begins, with a share of its own. @param from how much of it is done already */
  beginPart(from = 0): void {
    this.share = undefined;
    this.#from = from;
    this.#since = performance.now();
  }

  /** Of the part that it is at, from how fast that was so far. */
  get secondsLeft(): number | undefined {
    const { share } = this;
    if (share === undefined || share - this.#from < 0.02) return undefined;
    return ((performance.now() - this.#since) / 1000) * ((1 - share) / (share - this.#from));
  }
}

class Tasks {
  running = $state.raw<readonly Task[]>([]);

  /** Shows the task as long as the work takes. */
  async run<T>(title: string, work: (task: Task) => Promise<T>): Promise<T> {
    const task = new Task(title);
    this.running = [...this.running, task];
    try {
      return await work(task);
    } finally {
      this.running = this.running.filter((other) => other !== task);
    }
  }
}

export const tasks = new Tasks();
