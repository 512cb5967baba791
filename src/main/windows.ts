/** The windows: each shows one workspace, and knows where on the screen it was last time. */
import type { WebContents } from 'electron';
import { BrowserWindow, screen } from 'electron';
import { basename, join } from 'node:path';
import type { MenuCommand } from '../contract/desktop.ts';
import { pageAddress } from './protocols.ts';
import type { Bounds, ShellState } from './shell-state.ts';

const smallest = { minWidth: 1024, minHeight: 700 };
const first = { width: 1280, height: 800 };

/** Between two crashes of the page that is still reloaded; in milliseconds. */
const crashPause = 10_000;

export interface AppWindow {
  readonly window: BrowserWindow;
  /** The workspace that it shows. */
  directory: string;
  /** What its page offers in the menu. */
  commands: readonly MenuCommand[];
  /** The person has said what becomes of the training that it shows. */
  mayClose: boolean;
}

export class Windows {
  readonly #state: ShellState;
  readonly #onLeft: (directory: string) => void;
  readonly #onClosing: (opened: AppWindow) => boolean;
  readonly #open = new Set<AppWindow>();

  /**
   * @param onLeft told of a workspace that no window shows any more
   * @param onClosing told of a window before it is closed; true keeps it open
   */
  constructor(
    state: ShellState,
    onLeft: (directory: string) => void,
    onClosing: (opened: AppWindow) => boolean,
  ) {
    this.#state = state;
    this.#onLeft = onLeft;
    this.#onClosing = onClosing;
  }

  /** The focused window, else any. */
  get current(): AppWindow | undefined {
    const focused = BrowserWindow.getFocusedWindow();
    return [...this.#open].find(({ window }) => window === focused) ?? [...this.#open].at(-1);
  }

  get areClosed(): boolean {
    return this.#open.size === 0;
  }

  /** Whether no other window shows the workspace, or would be left to show it. */
  isOnly(opened: AppWindow, directory: string): boolean {
    const others = [...this.#open].filter((other) => other !== opened);
    return others.length === 0 || (opened.directory === directory && others.every((other) => other.directory !== directory)); // prettier-ignore
  }

  of(contents: WebContents): AppWindow | undefined {
    return [...this.#open].find(({ window }) => window.webContents === contents);
  }

  create(directory: string): AppWindow {
    const { bounds, maximized } = this.#state.window;
    const window = new BrowserWindow({
      ...smallest,
      ...(bounds && isOnScreen(bounds) ? bounds : first),
      show: false,
      backgroundColor: '#181818',
      webPreferences: {
        preload: join(import.meta.dirname, '../preload/index.cjs'),
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false,
      },
    });
    if (maximized) window.maximize();
    const opened: AppWindow = { window, directory, commands: [], mayClose: false };
    this.#open.add(opened);
    window.once('ready-to-show', () => {
      window.show();
      process.send?.('shown'); // scripts/start.mjs waits to hear it
    });
    reloadAfterCrash(window.webContents);
    window.on('close', (event) => {
      if (this.#onClosing(opened)) event.preventDefault();
      else this.#state.rememberWindow(window.getNormalBounds(), window.isMaximized());
    });
    window.on('closed', () => {
      this.#open.delete(opened);
      this.#left(opened.directory);
    });
    void this.#load(opened);
    return opened;
  }

  /** Shows a workspace: where it is shown already, else in the window given. */
  show(directory: string, where: AppWindow | undefined): AppWindow {
    const shown = [...this.#open].find((other) => other.directory === directory) ?? where;
    if (!shown) return this.create(directory);
    if (shown.directory !== directory) {
      const left = shown.directory;
      shown.directory = directory;
      // The old page goes first: it would ask for its service again.
      void this.#load(shown).then(() => this.#left(left));
    }
    if (shown.window.isMinimized()) shown.window.restore();
    shown.window.focus();
    return shown;
  }

  /** Resolves when the page is there, or its window has been closed meanwhile. */
  async #load({ window, directory }: AppWindow): Promise<void> {
    this.#state.rememberWorkspace(directory);
    window.setTitle(`${basename(directory)} – Fiducial`);
    await window.loadURL(pageAddress).catch(() => undefined);
  }

  #left(directory: string): void {
    if (![...this.#open].some((other) => other.directory === directory)) this.#onLeft(directory);
  }
}

/** Nothing is lost with the page. One that crashes again at once is left alone. */
function reloadAfterCrash(contents: WebContents): void {
  let last = -Infinity;
  contents.on('render-process-gone', (_event, { reason }) => {
    console.error(`The page has gone: ${reason}.`);
    if (reason === 'clean-exit' || Date.now() - last < crashPause) return;
    last = Date.now();
    contents.reload();
  });
}

/** A screen may have been unplugged meanwhile: enough of the window's top must be where a pointer can reach it. */
function isOnScreen({ x, y, width }: Bounds): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const visible = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    return visible >= 100 && y >= workArea.y && y < workArea.y + workArea.height - 50;
  });
}
