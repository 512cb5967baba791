/** One service's process: what it is told, what it asks for, and its end. */
import type { MessagePortMain, UtilityProcess } from 'electron';
import { utilityProcess } from 'electron';
import { join } from 'node:path';
import type { FromService, ToService } from '../service/desktop-messages.ts';
import type { MediaFile } from '../service/media.ts';
import { Children } from './children.ts';

/** In a package it lies beside the archive that main is in (electron-builder.config.ts says why). */
const entry = join(import.meta.dirname, '../service/main.js').replace(
  /([\\/]app\.asar)(?=[\\/])/,
  '$1.unpacked',
);

/** Trainings need a moment to write their checkpoint; in milliseconds. */
const patience = 20_000;

interface Circumstances {
  /** How the addresses of the workspace's pictures begin. */
  readonly mediaAddress: string;
  /** How the service before it has ended, where it was not asked to; for its log. */
  readonly accident: string | undefined;
  /** @param how where it was not asked to end */
  readonly onEnd: (how: string | undefined) => void;
}

export class ServiceProcess {
  /** How the addresses of the workspace's pictures begin. */
  readonly mediaAddress: string;
  readonly #process: UtilityProcess;
  readonly #children: Children;
  readonly #ready: Promise<void>;
  readonly #ended: Promise<void>;
  readonly #pictures = new Map<number, (file: MediaFile | undefined) => void>();
  #lastPicture = 0;
  #mayEnd = false;
  #training: number | undefined;

  constructor(directory: string, { mediaAddress, accident = '', onEnd }: Circumstances) {
    this.mediaAddress = mediaAddress;
    this.#process = utilityProcess.fork(entry, [directory, accident], {
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
      else if (message.type === 'training') this.#training = message.run ?? undefined;
      else if (message.type !== 'ready') this.#children.obey(message);
    });
    this.#process.once('exit', (code) => {
      onEnd(this.#mayEnd ? undefined : `exit code ${code}`);
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

  /** The run that it trains, if any. */
  get training(): number | undefined {
    return this.#training;
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
