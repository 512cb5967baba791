/** The desktop app between its parts: windows, services, the menu, and what the page asks of main. */
import type { IpcMainInvokeEvent } from 'electron';
import { app, dialog, ipcMain, Menu, MessageChannelMain, shell as system } from 'electron';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Desktop, DesktopRequest, MenuCommand } from '../contract/desktop.ts';
import { defaultWorkspace, folders } from '../service/folders.ts';
import type { StartedWith } from './arguments.ts';
import { menuTemplate } from './menu.ts';
import { whatIs } from './opened.ts';
import { answerSchemes } from './protocols.ts';
import { isFromPage, lockDown, permitCamera } from './security.ts';
import { Services } from './services.ts';
import { ShellState } from './shell-state.ts';
import type { AppWindow } from './windows.ts';
import { Windows } from './windows.ts';

/** What main does when the page asks; the first parameter is the window that the page is in. */
type Answers = {
  [Name in DesktopRequest]: (
    from: AppWindow,
    ...parameters: Parameters<Desktop[Name]>
  ) => Awaited<ReturnType<Desktop[Name]>> | ReturnType<Desktop[Name]>;
};

export class Shell {
  readonly #state: ShellState;
  readonly #services = new Services(() => this.leave());
  readonly #windows: Windows;
  /** Windows whose person is being asked. */
  readonly #asking = new Set<AppWindow>();
  #isEnding = false;
  #ended = false;

  constructor(stateFile: string) {
    this.#state = new ShellState(stateFile);
    this.#windows = new Windows(
      this.#state,
      (directory) => this.#services.retire(directory),
      (opened) => this.#keepForTraining(opened),
    );
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** To be called when the app is ready. */
  start(given: StartedWith): void {
    lockDown();
    answerSchemes((host, address) => this.#services.media(host, address));
    this.#listen();
    this.#showMenu();
    app.on('browser-window-focus', () => this.#showMenu());
    const { electron, chrome, node } = process.versions;
    app.setAboutPanelOptions({
      applicationName: 'Fiducial',
      applicationVersion: app.getVersion(),
      version: app.getVersion(),
      copyright: `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    });
    this.openGiven(given);
  }

  /** Opens what the app was started with: now, or a second time while it runs. */
  openGiven({ workspace, paths }: StartedWith): void {
    if (workspace !== undefined) this.#show(workspace);
    for (const path of paths)
      try {
        this.#open(path, this.#windows.current);
      } catch (error) {
        dialog.showErrorBox('Fiducial cannot open this', (error as Error).message);
      }
    const { current } = this.#windows;
    if (!current) this.#windows.create(this.#lastWorkspace());
    else if (workspace === undefined && paths.length === 0) this.#windows.show(current.directory, current);
  }

  /** To be called when no window is left: the app ends unless something still trains, and then when that has ended. */
  leave(): void {
    const isNeeded = !this.#windows.areClosed || this.#services.trainings.length > 0;
    if (process.platform !== 'darwin' && !isNeeded && !this.#isEnding) app.quit();
  }

  /** Whether a window stays because the person is asked first what becomes of the training that nobody will see any more. */
  #keepForTraining(opened: AppWindow): boolean {
    if (opened.mayClose) return false;
    const unseen = this.#services.trainings.filter(({ directory }) =>
      this.#windows.isOnly(opened, directory),
    );
    if (unseen.length === 0) return false;
    if (!this.#asking.has(opened)) void this.#askOfTraining(opened, unseen);
    return true;
  }

  async #askOfTraining(opened: AppWindow, unseen: Services['trainings']): Promise<void> {
    this.#asking.add(opened);
    const names = unseen.map(({ run, directory }) => `Run ${run} of ${basename(directory)}`);
    const { response } = await dialog.showMessageBox(opened.window, {
      type: 'question',
      message: names.length === 1 ? `${names[0]} is training.` : `Runs are training: ${names.join(', ')}.`,
      detail:
        'Training can go on without a window, and Fiducial ends when it has. Or it stops at a checkpoint, to be resumed later.',
      buttons: ['Go on training', 'Stop at a checkpoint', 'Cancel'],
      defaultId: 0,
      cancelId: 2,
    });
    this.#asking.delete(opened);
    if (response === 2 || opened.window.isDestroyed()) return;
    if (response === 1) for (const { directory } of unseen) this.#services.stop(directory);
    opened.mayClose = true;
    opened.window.close();
  }

  /** Ends the services, trainings at a checkpoint. */
  async close(): Promise<void> {
    this.#isEnding = true;
    await this.#services.close();
    this.#ended = true;
  }

  #listen(): void {
    for (const [name, answer] of Object.entries(this.#answers))
      ipcMain.handle(name, (event: IpcMainInvokeEvent, ...parameters: unknown[]) => {
        const from = isFromPage(event) && this.#windows.of(event.sender);
        if (!from) throw new Error('Only the page of Fiducial is answered.');
        return (answer as (from: AppWindow, ...parameters: unknown[]) => unknown)(from, ...parameters);
      });
    ipcMain.on('commands', (event, commands: readonly MenuCommand[]) => {
      const from = isFromPage(event) && this.#windows.of(event.sender);
      if (!from) return;
      from.commands = commands;
      this.#showMenu();
    });
  }

  readonly #answers: Answers = {
    connect: async (from) => {
      const service = this.#services.of(from.directory);
      const { port1, port2 } = new MessageChannelMain();
      await service.connect(port1, randomUUID());
      if (!from.window.isDestroyed()) from.window.webContents.postMessage('service-port', null, [port2]);
      return service.mediaAddress;
    },
    open: (from, path) => this.#open(path, from),
    chooseWorkspace: async (from, kind) => {
      const directory = kind === 'new' ? await askForNewFolder(from) : await askForOne(from, 'openDirectory');
      if (directory === undefined) return;
      if (kind === 'new') mkdirSync(directory, { recursive: true });
      this.#show(directory, from);
    },
    chooseImport: (from, kind) => askForOne(from, kind === 'file' ? 'openFile' : 'openDirectory'),
    chooseDestination: async (from, name) => {
      const { filePath } = await dialog.showSaveDialog(from.window, { defaultPath: name });
      return filePath || undefined;
    },
    recentWorkspaces: () => [...this.#state.workspaces],
    permitCamera: (from, isWanted) => permitCamera(from.window.webContents, isWanted),
    newWindow: (from) => void this.#windows.create(from.directory),
    showLogs: () => showLogs(),
    showAbout: () => app.showAboutPanel(),
  };

  #open(path: string, where: AppWindow | undefined): void {
    const opened = whatIs(path);
    if (opened.kind === 'workspace') return this.#show(opened.directory, where);
    const { webContents } = (where ?? this.#windows.create(this.#lastWorkspace())).window;
    const send = () => webContents.send('import', opened.path);
    if (webContents.isLoading()) webContents.once('did-finish-load', send);
    else send();
  }

  #show(directory: string, where = this.#windows.current): void {
    this.#windows.show(directory, where);
    this.#showMenu();
  }

  #lastWorkspace(): string {
    const [last] = this.#state.workspaces;
    return last !== undefined && existsSync(last) && !process.env['FIDUCIAL_WORKSPACE']
      ? last
      : defaultWorkspace();
  }

  #showMenu(): void {
    const commands = this.#windows.current?.commands ?? [];
    const template = menuTemplate(commands, this.#state.workspaces, {
      run: (id) => this.#windows.current?.window.webContents.send('command', id),
      open: (directory) => this.#show(directory),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}

async function showLogs(): Promise<void> {
  mkdirSync(folders.log, { recursive: true });
  await system.openPath(folders.log);
}

async function askForOne(
  { window }: AppWindow,
  what: 'openFile' | 'openDirectory',
): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog(window, { properties: [what] });
  return filePaths[0];
}

/** Of a folder that is not there yet: it is named as a file would be. */
async function askForNewFolder({ window }: AppWindow): Promise<string | undefined> {
  const { filePath } = await dialog.showSaveDialog(window, { title: 'New workspace', buttonLabel: 'Create' });
  return filePath || undefined;
}
