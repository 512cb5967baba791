/** What a person has set up for themselves. The service keeps it, so it outlives the page's address and the workspace. */
import { service } from '../connection.ts';

class Settings {
  #values = $state.raw<Record<string, unknown>>({});

  async load(): Promise<void> {
    this.#values = await service.settings.all();
  }

  /** @param fallback what holds until the person chooses */
  get<T>(key: string, fallback: T): T {
    return (this.#values[key] as T | undefined) ?? fallback;
  }

  set(key: string, value: unknown): void {
    this.#values = { ...this.#values, [key]: value };
    service.settings.set({ key, value }).catch((error: unknown) => {
      console.error(`The setting ${key} was not kept:`, error);
    });
  }
}

export const settings = new Settings();
