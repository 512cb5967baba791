/** What the shell remembers from one start to the next: the window's place, and the workspaces shown lately. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Remembered {
  readonly bounds?: Bounds;
  readonly maximized?: boolean;
  /** Folders, the latest first. */
  readonly workspaces?: readonly string[];
}

/** So many workspaces are remembered. */
const most = 10;

export class ShellState {
  readonly #file: string;
  #remembered: Remembered;

  constructor(file: string) {
    this.#file = file;
    this.#remembered = read(file);
  }

  get window(): { readonly bounds: Bounds | undefined; readonly maximized: boolean } {
    return { bounds: this.#remembered.bounds, maximized: this.#remembered.maximized ?? false };
  }

  get workspaces(): readonly string[] {
    return this.#remembered.workspaces ?? [];
  }

  rememberWindow(bounds: Bounds, maximized: boolean): void {
    this.#write({ ...this.#remembered, bounds, maximized });
  }

  rememberWorkspace(directory: string): void {
    const others = this.workspaces.filter((other) => other !== directory);
    this.#write({ ...this.#remembered, workspaces: [directory, ...others].slice(0, most) });
  }

  #write(remembered: Remembered): void {
    this.#remembered = remembered;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(remembered, null, 2));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** A file that is missing or broken is as good as a first start. */
function read(file: string): Remembered {
  try {
    const { bounds, maximized, workspaces } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      unknown
    >;
    return {
      ...(isBounds(bounds) ? { bounds } : {}),
      maximized: maximized === true,
      workspaces: Array.isArray(workspaces) ? workspaces.filter((one) => typeof one === 'string') : [],
    };
  } catch {
    return {};
  }
}

function isBounds(value: unknown): value is Bounds {
  const { x, y, width, height } = (value ?? {}) as Record<string, unknown>;
  return [x, y, width, height].every(Number.isInteger);
}
