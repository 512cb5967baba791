/** Files in and out of the page, whichever host it has: the desktop names them by their paths, a browser sends and fetches them. */

/** Where an export goes. */
export interface Destination {
  /** For the contract's `out`. */
  readonly out: string;
  /** To be called when it has been written: a browser then fetches it. */
  deliver(): void;
}

interface SendOptions {
  readonly signal?: AbortSignal;
  /** @param share 0 to 1 of what is sent to the server; in the desktop app nothing is sent */
  readonly onProgress?: (share: number) => void;
}

/**
 * What to call a file that was dropped or chosen, as the contract's `path`.
 * @throws an Error with the server's reason when it does not take the file
 */
export async function pathOf(file: File, options: SendOptions = {}): Promise<string> {
  return window.desktop ? window.desktop.pathOf(file) : send(file, options);
}

/** What a person has chosen to be imported: by its path on the service's machine, or in a browser the file itself. */
export type Chosen = { readonly path: string } | { readonly file: File };

/** @param kind a browser knows files only; @returns undefined when the person has thought better of it */
export async function chooseImport(kind: 'file' | 'folder'): Promise<Chosen | undefined> {
  if (window.desktop) {
    const path = await window.desktop.chooseImport(kind);
    return path === undefined ? undefined : { path };
  }
  const file = await chooseFile();
  return file && { file };
}

/** @param name proposed for the file; @returns undefined when the person has thought better of it */
export async function chooseDestination(name: string): Promise<Destination | undefined> {
  if (window.desktop) {
    const out = await window.desktop.chooseDestination(name);
    return out === undefined ? undefined : { out, deliver: () => undefined };
  }
  const place = `${randomName()}/${name}`;
  return { out: `download:${place}`, deliver: () => fetchFile(`/download/${encodeURI(place)}`) };
}

/** crypto.randomUUID is there only where the connection is encrypted or local, and a team's may be neither. */
function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** In the desktop app their folder; in a browser the end of the service's, in a page of its own. */
export function showLogs(): void {
  if (window.desktop) void window.desktop.showLogs();
  else window.open('/log', '_blank', 'noopener');
}

function chooseFile(): Promise<File | undefined> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.zip,.csv';
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0]));
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });
}

/** With XMLHttpRequest, because fetch tells nothing of what it has sent. */
function send(file: File, { signal, onProgress }: SendOptions): Promise<string> {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const answer = () => request.responseText.trim();
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(loaded / total));
    request.addEventListener('load', () =>
      request.status === 200 ? resolve(answer()) : reject(new Error(answer())),
    );
    request.addEventListener('error', () => reject(new Error('The file could not be sent to the server.')));
    request.addEventListener('abort', () => reject(new DOMException('Cancelled.', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`);
    request.send(file);
  });
}

function fetchFile(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
