/** The page's two schemes: `app://fiducial/` for its own files, `media://` for what a workspace holds. */
import { protocol } from 'electron';
import { join } from 'node:path';
import { securityHeaders } from '../contract/content-policy.ts';
import type { MediaFile } from '../service/media.ts';
import { pageFile } from '../service/page-files.ts';

export const pageAddress = 'app://fiducial/';

const page = join(import.meta.dirname, '../renderer');
const headers = securityHeaders('media:');

/** To be called before the app is ready. */
export function registerSchemes(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges },
    { scheme: 'media', privileges: { ...privileges, corsEnabled: true } },
  ]);
}

/** @param media finds what the workspace named by the host of the address has at its path and query */
export function answerSchemes(
  media: (host: string, address: string) => Promise<MediaFile | undefined>,
): void {
  protocol.handle('app', async ({ method, url }) => {
    const { host, pathname } = new URL(url);
    if (method !== 'GET' || host !== new URL(pageAddress).host) return nothing();
    return answer(await pageFile(page, pathname));
  });
  protocol.handle('media', async ({ method, url }) => {
    const { host, pathname, search } = new URL(url);
    return method === 'GET' ? answer(await media(host, pathname + search)) : nothing();
  });
}

function answer(file: MediaFile | undefined): Response {
  if (!file) return nothing();
  return new Response(new Uint8Array(file.body), {
    headers: {
      ...headers,
      'Content-Type': file.type,
      'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
      // The page may look at the pixels of a picture, not only show it.
      'Access-Control-Allow-Origin': pageAddress.slice(0, -1),
      'Cross-Origin-Resource-Policy': 'cross-origin',
    },
  });
}

const nothing = () => new Response('There is nothing here.\n', { status: 404, headers });
