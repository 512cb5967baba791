/** The windows: each shows one workspace, and knows where on the screen it was last time. */
import type { WebContents } from 'electron';
import { BrowserWindow, screen } from 'electron';
import { basename, join } from 'node:path';
import { pageAddress } from './protocols.ts';
import type { Bounds, ShellState } from './shell-state.ts';

const smallest = { minWidth: 1024, minHeight: 700 };
const first = { width: 1280, height: 800 };

export interface AppWindow {
  readonly window: BrowserWindow;
  /** The workspace that it shows. */
  directory: string;
}

export class Windows {
  readonly #state: ShellState;
  readonly #onLeft: (directory: string) => void;
  readonly #open = new Set<AppWindow>();

  /** @param onLeft told of a workspace that no window shows any more */
  constructor(state: ShellState, onLeft: (directory: string) => void) {
    this.#state = state;
    this.#onLeft = onLeft;
  }

  /** The focused window, else any. */
  get current(): AppWindow | undefined {
    const focused = BrowserWindow.getFocusedWindow();
    return [...this.#open].find(({ window }) => window === focused) ?? [...this.#open].at(-1);
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
    const opened: AppWindow = { window, directory };
    this.#open.add(opened);
    window.once('ready-to-show', () => {
      window.show();
      process.send?.('shown'); // scripts/start.mjs waits to hear it
    });
    window.on('close', () => this.#state.rememberWindow(window.getNormalBounds(), window.isMaximized()));
    window.on('closed', () => {
      this.#open.delete(opened);
      this.#left(opened.directory);
    });
    this.#load(opened);
    return opened;
  }

  /** Shows a workspace: where it is shown already, else in the window given. */
  show(directory: string, where: AppWindow | undefined): AppWindow {
    const shown = [...this.#open].find((other) => other.directory === directory) ?? where;
    if (!shown) return this.create(directory);
    if (shown.directory !== directory) {
      const left = shown.directory;
      shown.directory = directory;
      this.#left(left);
      this.#load(shown);
    }
    if (shown.window.isMinimized()) shown.window.restore();
    shown.window.focus();
    return shown;
  }

  #load({ window, directory }: AppWindow): void {
    this.#state.rememberWorkspace(directory);
    window.setTitle(`${basename(directory)} – Fiducial`);
    void window.loadURL(pageAddress);
  }

  #left(directory: string): void {
    if (![...this.#open].some((other) => other.directory === directory)) this.#onLeft(directory);
  }
}

/** A screen may have been unplugged meanwhile: enough of the window's top must be where a pointer can reach it. */
function isOnScreen({ x, y, width }: Bounds): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const visible = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    return visible >= 100 && y >= workArea.y && y < workArea.y + workArea.height - 50;
  });
}
