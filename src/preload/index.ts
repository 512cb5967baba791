/** The page's way to main: a handful of functions, and the port to the service. No library, nothing of Node. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Desktop, DesktopRequest } from '../contract/desktop.ts';
import { servicePortMessage } from '../contract/desktop.ts';

/** @throws main's error, without what Electron puts in front of its message */
async function ask(name: DesktopRequest, ...parameters: unknown[]) {
  try {
    return await ipcRenderer.invoke(name, ...parameters);
  } catch (error) {
    const message = (error as Error).message.replace(/^Error invoking remote method '\w+': (Error: )?/, '');
    throw new Error(message, { cause: error });
  }
}

/** What was opened before the page was there to hear of it. */
const opened: string[] = [];
let takeImport: ((path: string) => void) | undefined;

ipcRenderer.on('service-port', ({ ports }) => window.postMessage(servicePortMessage, '*', ports));
ipcRenderer.on('import', (_event, path: string) => {
  if (takeImport) takeImport(path);
  else opened.push(path);
});

const desktop: Desktop = {
  connect: () => ask('connect'),
  setCommands: (commands) => ipcRenderer.send('commands', commands),
  onCommand: (run) => void ipcRenderer.on('command', (_event, id: string) => run(id)),
  onImport(take) {
    takeImport = take;
    for (const path of opened.splice(0)) take(path);
  },
  pathOf: (file) => webUtils.getPathForFile(file),
  open: (path) => ask('open', path),
  chooseWorkspace: (kind) => ask('chooseWorkspace', kind),
  chooseImport: (kind) => ask('chooseImport', kind),
  chooseDestination: (name) => ask('chooseDestination', name),
  recentWorkspaces: () => ask('recentWorkspaces'),
  permitCamera: (isWanted) => ask('permitCamera', isWanted),
  newWindow: () => ask('newWindow'),
  showLogs: () => ask('showLogs'),
  showAbout: () => ask('showAbout'),
};

contextBridge.exposeInMainWorld('desktop', desktop);
