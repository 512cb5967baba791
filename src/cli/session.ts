/** What a command works with: the screen, the service on the workspace, and Ctrl+C. */
import type { Command } from 'commander';
import { defaultWorkspace } from '../service/folders.ts';
import type { Client, Service } from '../service/service.ts';
import { exitCodes, failureOf, Interrupted } from './failure.ts';
import { Terminal } from './terminal.ts';

interface GlobalOptions {
  readonly workspace?: string;
  readonly json?: true;
}

export class Session {
  readonly terminal: Terminal;
  readonly directory: string;
  readonly #named: boolean;
  /** Aborts at the first Ctrl+C. */
  readonly interrupt: AbortSignal;
  #service: Service | undefined;

  /** @param workspace as it was named; the default one if it was not */
  constructor(terminal: Terminal, workspace: string | undefined, interrupt: AbortSignal) {
    this.terminal = terminal;
    this.directory = workspace ?? defaultWorkspace();
    this.#named = workspace !== undefined;
    this.interrupt = interrupt;
  }

  /** The contract's procedures. Loads the service, which takes a moment: write a first line before. */
  async client(): Promise<Client> {
    const { openService } = await import('../service/service.ts');
    this.#service ??= openService(this.directory);
    return this.#service.client;
  }

  /** A command on the same workspace, for a person to type. */
  command(words: string): string {
    return `fiducial ${words}${this.#named ? ` --workspace ${this.directory}` : ''}`;
  }

  async close(): Promise<void> {
    await this.#service?.close();
  }
}

/** Runs one command from its first line to its exit code. What `work` returns is the document of --json. */
export async function runCommand(
  command: Command,
  work: (session: Session) => Promise<unknown>,
): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const terminal = new Terminal(options.json === true);
  const interrupt = new AbortController();
  const session = new Session(terminal, options.workspace, interrupt.signal);
  const stop = () => {
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    interrupt.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const document = await work(session);
    await session.close();
    terminal.document(document);
  } catch (error) {
    await session.close().catch(() => undefined);
    const stopped = interrupt.signal.aborted && !(error instanceof Interrupted);
    process.exitCode = reportFailure(stopped ? new Interrupted('Stopped.') : error, terminal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** Says what went wrong, in one message; @returns the exit code */
export function reportFailure(error: unknown, terminal: Terminal): number {
  const { exitCode, code, message, details } = failureOf(error);
  const log = (details as { log?: string } | undefined)?.log;
  terminal.note(log === undefined ? message : `${message}\nMore is in ${log}`);
  if (process.env['FIDUCIAL_DEBUG'] === '1' && error instanceof Error) terminal.note(error.stack ?? '');
  terminal.document({ error: { code, message, ...(details === undefined ? {} : { details }) } });
  return exitCode;
}
