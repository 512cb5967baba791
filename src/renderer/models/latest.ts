/** Questions that follow each other faster than they are answered: only the newest waits, and only the newest counts. */
export class Latest<T> {
  readonly #take: (answer: T) => void;
  readonly #fail: (error: unknown) => void;
  #waiting: (() => Promise<T>) | undefined;
  #busy = false;
  #current = 0;

  constructor(take: (answer: T) => void, fail: (error: unknown) => void) {
    this.#take = take;
    this.#fail = fail;
  }

  ask(work: () => Promise<T>): void {
    this.#current++;
    this.#waiting = work;
    if (!this.#busy) void this.#run();
  }

  /** What is under way no longer counts. */
  forget(): void {
    this.#current++;
    this.#waiting = undefined;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting) {
      const [work, number] = [this.#waiting, this.#current];
      this.#waiting = undefined;
      try {
        const answer = await work();
        if (number === this.#current) this.#take(answer);
      } catch (error) {
        if (number === this.#current) this.#fail(error);
      }
    }
    this.#busy = false;
  }
}
