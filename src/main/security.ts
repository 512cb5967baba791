/** What no page may do, ours included: leave, open windows, ask for devices, reach the network. */
import type { IpcMainEvent, IpcMainInvokeEvent, Session } from 'electron';
import { app, session } from 'electron';
import { pageAddress } from './protocols.ts';

/** Copying to the clipboard, which asks nobody in a browser either. */
const permitted = ['clipboard-sanitized-write'];

/** To be called when the app is ready, before there is a window. */
export function lockDown(): void {
  refusePermissions(session.defaultSession);
  session.defaultSession.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isLocal(url) }));
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, url) => {
      if (!isPage(url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

function refusePermissions(of: Session): void {
  of.setPermissionRequestHandler((_contents, permission, decide) => decide(permitted.includes(permission)));
  of.setPermissionCheckHandler((_contents, permission) => permitted.includes(permission));
  of.setDevicePermissionHandler(() => false);
}

/** Only the page itself, in the main frame of one of our windows, is listened to. */
export function isFromPage({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isPage(senderFrame.url);
}

const isPage = (url: string) => url.startsWith(pageAddress);
const isLocal = (url: string) => /^(app|media|devtools|blob|data|chrome-extension):/.test(url);
