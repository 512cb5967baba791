/** What no page may do, ours included: leave, open windows, ask for devices, reach the network. */
import type { IpcMainEvent, IpcMainInvokeEvent, Session, WebContents } from 'electron';
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

/** Pages whose person has just asked for the camera. */
const withCamera = new WeakSet<WebContents>();

/** Never a microphone. */
export function permitCamera(contents: WebContents, isWanted: boolean): void {
  if (isWanted) withCamera.add(contents);
  else withCamera.delete(contents);
}

function refusePermissions(of: Session): void {
  const isCamera = (contents: WebContents | null, permission: string, kinds: readonly unknown[]) =>
    contents !== null &&
    withCamera.has(contents) &&
    isPage(contents.getURL()) &&
    permission === 'media' &&
    kinds.length > 0 &&
    kinds.every((kind) => kind === 'video');
  of.setPermissionRequestHandler((contents, permission, decide, details) => {
    const kinds = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    decide(permitted.includes(permission) || isCamera(contents, permission, kinds));
  });
  of.setPermissionCheckHandler(
    (contents, permission, _origin, { mediaType }) =>
      permitted.includes(permission) || isCamera(contents, permission, [mediaType]),
  );
  of.setDevicePermissionHandler(() => false);
}

/** Only the page itself, in the main frame of one of our windows, is listened to. */
export function isFromPage({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isPage(senderFrame.url);
}

const isPage = (url: string) => url.startsWith(pageAddress);
const isLocal = (url: string) => /^(app|media|devtools|blob|data|chrome-extension):/.test(url);
