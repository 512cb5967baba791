/** Holds training at a step until it may go on; the time that it waits is not the run's. */
export class Pause {
  #held: PromiseWithResolvers<void> | undefined;
  #began = 0;
  #seconds = 0;

  /** Resolves when training may go on; undefined while it may. */
  get held(): Promise<void> | undefined {
    return this.#held?.promise;
  }

  /** Spent waiting so far. */
  get seconds(): number {
    return this.#seconds + (this.#held ? (performance.now() - this.#began) / 1000 : 0);
  }

  hold(): void {
    if (this.#held) return;
    this.#held = Promise.withResolvers();
    this.#began = performance.now();
  }

  release(): void {
    this.#seconds = this.seconds;
    this.#held?.resolve();
    this.#held = undefined;
  }
}
