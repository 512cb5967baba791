/** The services: one for each workspace that a window shows, or that still trains. */
import type { MediaFile } from '../service/media.ts';
import { ServiceProcess } from './service-process.ts';

/** A service that ends so often within so many milliseconds is not started again. */
const crashes = { most: 3, within: 60_000 };

interface Crash {
  readonly time: number;
  readonly how: string;
}

export class Services {
  readonly #running = new Map<string, ServiceProcess>();
  readonly #crashes = new Map<string, readonly Crash[]>();
  /** Every workspace so far; its place here is its name in the addresses of pictures. */
  readonly #directories: string[] = [];
  readonly #onEnd: () => void;

  /** @param onEnd told when a service has ended */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /**
   * The workspace's service, started if need be.
   * @throws an Error when it has crashed too often lately
   */
  of(directory: string): ServiceProcess {
    const running = this.#running.get(directory);
    if (running) return running;
    const recent = this.#recentCrashes(directory);
    if (recent.length >= crashes.most)
      throw new Error(
        `The service has ended ${recent.length} times within a minute, so it is not started again. Its log says more.`,
      );
    if (!this.#directories.includes(directory)) this.#directories.push(directory);
    const service = new ServiceProcess(directory, {
      mediaAddress: `media://w${this.#directories.indexOf(directory)}`,
      accident: recent.at(-1)?.how,
      onEnd: (how) => {
        this.#running.delete(directory);
        if (how !== undefined)
          this.#crashes.set(directory, [...this.#recentCrashes(directory), { time: Date.now(), how }]);
        this.#onEnd();
      },
    });
    this.#running.set(directory, service);
    return service;
  }

  /** What a workspace has at an address of the media scheme. */
  async media(host: string, address: string): Promise<MediaFile | undefined> {
    const directory = this.#directories[Number(host.slice(1))];
    return directory === undefined ? undefined : this.of(directory).media(address);
  }

  /** Workspaces in which a run trains. */
  get trainings(): { readonly directory: string; readonly run: number }[] {
    return [...this.#running].flatMap(([directory, { training }]) =>
      training === undefined ? [] : [{ directory, run: training }],
    );
  }

  /** Ends the workspace's service, its training at a checkpoint. */
  stop(directory: string): void {
    void this.#running.get(directory)?.close();
  }

  /** No window shows this workspace any more. */
  retire(directory: string): void {
    this.#running.get(directory)?.retire();
  }

  /** Ends all of them, trainings at a checkpoint. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((service) => service.close()));
  }

  #recentCrashes(directory: string): readonly Crash[] {
    const all = this.#crashes.get(directory) ?? [];
    return all.filter(({ time }) => time > Date.now() - crashes.within);
  }
}
