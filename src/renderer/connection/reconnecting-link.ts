/**
 * A way to the service that comes back by itself. What was asked and not yet answered when it broke fails with
 * ConnectionLost, because nobody knows whether the service has done it; what is asked meanwhile waits.
 */
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { mapEventIterator } from '@orpc/client';

/**
 * `reconnecting`: it broke, and is tried again. `gone`: that is in vain; it is tried from time to time all the same.
 */
export type ConnectionStatus = 'connecting' | 'connected' | 'reconnecting' | 'gone';

/** The answer did not come: the service may have done it or not. Ask again once connected. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';

  constructor() {
    super('The connection to the service was lost before it answered.');
  }
}

/** The other side is there and wants no more of this page, so waiting does not help; the message says why. */
export class ConnectionRefused extends Error {
  override readonly name = 'ConnectionRefused';
}

type Link = ClientLink<ClientContext>;

/** @param onLost to be called before the link itself hears of it. @throws ConnectionRefused; any other error means: later */
export type Connect = (onLost: () => void) => Promise<Link>;

interface Line {
  readonly link: Link;
  readonly fate: { lost: boolean };
}

/** In milliseconds. */
const usual = { first: 100, longest: 5_000, patience: 10_000 };

export class ReconnectingLink implements Link {
  readonly #connect: Connect;
  readonly #waits: typeof usual;
  #status: ConnectionStatus = 'connecting';
  #reason = '';
  #line: Line | undefined;
  readonly #listeners = new Set<() => void>();

  /** @param waits before the second attempt (the next ones take longer, up to `longest`), and before it is called gone */
  constructor(connect: Connect, waits = usual) {
    this.#connect = connect;
    this.#waits = waits;
    void this.#reach();
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Why it is gone, where the other side has said so. */
  get reason(): string {
    return this.#reason;
  }

  /** @returns what ends the listening */
  onStatus(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws ConnectionLost, besides what the procedure throws */
  async call(
    path: readonly string[],
    input: unknown,
    options: ClientOptions<ClientContext>,
  ): Promise<unknown> {
    const { link, fate } = await this.#current(options.signal);
    const explained = (error: unknown) =>
      fate.lost && !options.signal?.aborted ? new ConnectionLost() : error;
    try {
      const output = await link.call(path, input, options);
      if (!isEvents(output)) return output;
      return mapEventIterator(output, {
        value: (value) => Promise.resolve(value),
        error: (error) => Promise.resolve(explained(error)),
      });
    } catch (error) {
      throw explained(error);
    }
  }

  async #reach(): Promise<void> {
    const since = performance.now();
    for (let wait = this.#waits.first; ; wait = Math.min(2 * wait, this.#waits.longest)) {
      try {
        if (await this.#open()) return;
      } catch (error) {
        const refused = error instanceof ConnectionRefused;
        if (refused || performance.now() - since > this.#waits.patience)
          this.#become('gone', refused ? error.message : '');
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** @returns whether there is a line now, and not lost again already */
  async #open(): Promise<boolean> {
    const fate = { lost: false };
    const link = await this.#connect(() => {
      fate.lost = true;
      if (this.#line?.fate === fate) this.#reconnect();
    });
    if (fate.lost) return false;
    this.#line = { link, fate };
    this.#become('connected');
    return true;
  }

  #reconnect(): void {
    this.#line = undefined;
    this.#become('reconnecting');
    void this.#reach();
  }

  #become(status: ConnectionStatus, reason = ''): void {
    if (status === this.#status && reason === this.#reason) return;
    this.#status = status;
    this.#reason = reason;
    for (const listener of [...this.#listeners]) listener();
  }

  async #current(signal: AbortSignal | undefined): Promise<Line> {
    while (!this.#line) {
      signal?.throwIfAborted();
      if (this.#status === 'gone') throw new ConnectionLost();
      await this.#change(signal);
    }
    return this.#line;
  }

  /** Resolves when the status changes or the caller gives up. */
  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        stop();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const stop = this.onStatus(done);
      signal?.addEventListener('abort', done);
    });
  }
}

function isEvents(output: unknown): output is AsyncIterator<unknown, unknown, void> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}
