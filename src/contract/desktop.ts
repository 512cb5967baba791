/** What the desktop's preload offers the page, as `window.desktop`. In a browser there is none. */

/** The data of the window's message that brings the service's port. */
export const servicePortMessage = 'fiducial:service-port';

/** One of the page's commands, as the native menu shows it. */
export interface MenuCommand {
  readonly id: string;
  readonly title: string;
  /** The menu that it stands in, by its title. */
  readonly menu: string;
  /** As the page writes it for its own keyboard: `$mod+Shift+z`, `ArrowLeft`, `?`. The page acts on it, the menu shows it. */
  readonly shortcut?: string;
  readonly enabled?: boolean;
  /** For what is on or off. */
  readonly checked?: boolean;
}

export interface Desktop {
  /**
   * Starts the service where it does not run, and sends the window a message with a port to it.
   * @returns how the addresses of the workspace's pictures begin
   * @throws an Error with the reason when the service cannot be started
   */
  connect(): Promise<string>;

  /** Shows these in the native menus, in place of those shown before. */
  setCommands(commands: readonly MenuCommand[]): void;
  /** @param run called when a person has chosen a command in the menu */
  onCommand(run: (id: string) => void): void;

  /** @param take called with the path of an archive, folder or table that was opened with the app, to be imported */
  onImport(take: (path: string) => void): void;
  /** Where a file is that was dropped or chosen in the page. */
  pathOf(file: File): string;
  /**
   * As if the app had been started with it: a workspace is shown in this window, anything else comes back to be imported.
   * @throws an Error with the reason when it is neither
   */
  open(path: string): Promise<void>;
  /** Asks the person for a workspace's folder and shows it in this window. */
  chooseWorkspace(kind: 'new' | 'existing'): Promise<void>;
  /** @returns the path of what the person wants to import */
  chooseImport(kind: 'file' | 'folder'): Promise<string | undefined>;
  /** @param name proposed; @returns the path of the file that the person wants written */
  chooseDestination(name: string): Promise<string | undefined>;
  /** Folders, the latest first. */
  recentWorkspaces(): Promise<string[]>;
  /** Lets the page ask for the camera, never for a microphone, or not any more. The person has asked for it by a click. */
  permitCamera(isWanted: boolean): Promise<void>;
  newWindow(): Promise<void>;
  showLogs(): Promise<void>;
  showAbout(): Promise<void>;
}

/** What main answers, by the name of the Desktop's function. */
export type DesktopRequest = {
  [Name in keyof Desktop]: ReturnType<Desktop[Name]> extends Promise<unknown> ? Name : never;
}[keyof Desktop];
