/** The service processes: one for each workspace that a window shows, or that still trains. */
import type { MessagePortMain, UtilityProcess } from 'electron';
import { utilityProcess } from 'electron';
import { join } from 'node:path';
import type { FromService, ToService } from '../service/desktop-messages.ts';
import type { MediaFile } from '../service/media.ts';
import { Children } from './children.ts';

const entry = join(import.meta.dirname, '../service/main.js');

/** A service that ends so often within so many milliseconds is not started again. */
const crashes = { most: 3, within: 60_000 };

/** Trainings need a moment to write their checkpoint; in milliseconds. */
const patience = 20_000;

export class Services {
  readonly #running = new Map<string, Service>();
  readonly #crashed = new Map<string, number[]>();
  /** Every workspace so far; its place here is its name in the addresses of pictures. */
  readonly #directories: string[] = [];

  /**
   * The workspace's service, started if need be.
   * @throws an Error when it has crashed too often lately
   */
  of(directory: string): Service {
    const running = this.#running.get(directory);
    if (running) return running;
    const recent = this.#recentCrashes(directory);
    if (recent.length >= crashes.most)
      throw new Error(
        `The service has ended ${recent.length} times within a minute, so it is not started again. Its log says more.`,
      );
    if (!this.#directories.includes(directory)) this.#directories.push(directory);
    const service = new Service(directory, `media://w${this.#directories.indexOf(directory)}`, (expected) => {
      this.#running.delete(directory);
      if (!expected) this.#crashed.set(directory, [...this.#recentCrashes(directory), Date.now()]);
    });
    this.#running.set(directory, service);
    return service;
  }

  /** What a workspace has at an address of the media scheme. */
  async media(host: string, address: string): Promise<MediaFile | undefined> {
    const directory = this.#directories[Number(host.slice(1))];
    return directory === undefined ? undefined : this.of(directory).media(address);
  }

  /** No window shows this workspace any more. */
  retire(directory: string): void {
    this.#running.get(directory)?.retire();
  }

  /** Ends all of them, trainings at a checkpoint. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((service) => service.close()));
  }

  #recentCrashes(directory: string): number[] {
    return (this.#crashed.get(directory) ?? []).filter((time) => time > Date.now() - crashes.within);
  }
}

class Service {
  /** How the addresses of the workspace's pictures begin. */
  readonly mediaAddress: string;
  readonly #process: UtilityProcess;
  readonly #children: Children;
  readonly #ready: Promise<void>;
  readonly #ended: Promise<void>;
  readonly #pictures = new Map<number, (file: MediaFile | undefined) => void>();
  #lastPicture = 0;
  #mayEnd = false;

  /** @param onEnd told whether that was asked for */
  constructor(directory: string, mediaAddress: string, onEnd: (expected: boolean) => void) {
    this.mediaAddress = mediaAddress;
    this.#process = utilityProcess.fork(entry, [directory], {
      serviceName: 'Fiducial service',
      stdio: 'inherit',
    });
    this.#children = new Children((message) => this.#tell(message));
    this.#ended = new Promise((resolve) => this.#process.once('exit', () => resolve()));
    this.#ready = new Promise((resolve, reject) => {
      this.#process.on('message', ({ type }: FromService) => {
        if (type === 'ready') resolve();
      });
      this.#process.once('exit', () => reject(new Error('The service has ended while it started.')));
    });
    this.#ready.catch(() => undefined); // perhaps nobody waits for it any more
    this.#process.on('message', (message: FromService) => {
      if (message.type === 'media') this.#answer(message.id, message.file);
      else if (message.type !== 'ready') this.#children.obey(message);
    });
    this.#process.once('exit', () => {
      onEnd(this.#mayEnd);
      this.#children.stop();
      for (const id of this.#pictures.keys()) this.#answer(id, undefined);
    });
  }

  /**
   * Resolves when the service has started.
   * @param port the service's end of a page's channel
   * @throws an Error when it ends before that
   */
  async connect(port: MessagePortMain, client: string): Promise<void> {
    this.#mayEnd = false;
    this.#tell({ type: 'connect', client }, [port]);
    await this.#ready;
  }

  /** @param address path and query */
  media(address: string): Promise<MediaFile | undefined> {
    const id = ++this.#lastPicture;
    return new Promise((resolve) => {
      this.#pictures.set(id, resolve);
      this.#tell({ type: 'media', id, address });
    });
  }

  retire(): void {
    this.#mayEnd = true;
    this.#tell({ type: 'retire' });
  }

  async close(): Promise<void> {
    this.#mayEnd = true;
    this.#tell({ type: 'close' });
    const late = setTimeout(() => this.#process.kill(), patience);
    await this.#ended;
    clearTimeout(late);
  }

  #tell(message: ToService, ports: MessagePortMain[] = []): void {
    this.#process.postMessage(message, ports);
  }

  #answer(id: number, file: MediaFile | undefined): void {
    this.#pictures.get(id)?.(file);
    this.#pictures.delete(id);
  }
}
