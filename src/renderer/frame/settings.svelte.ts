/** What a person has set up for themselves. */

class Settings {
  #values = $state.raw<Record<string, unknown>>({});

  /** @param fallback what holds until the person chooses */
  get<T>(key: string, fallback: T): T {
    return (this.#values[key] as T | undefined) ?? fallback;
  }

  set(key: string, value: unknown): void {
    this.#values = { ...this.#values, [key]: value };
  }
}

export const settings = new Settings();
