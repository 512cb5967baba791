/** What the page shows without asking for it in JSON: the workspace's pictures, by address, for whichever host. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { mostPictures } from '../contract/pictures.ts';
import type { WorkspaceHolder } from './holder.ts';
import { grayPng } from './png.ts';

export interface MediaFile {
  readonly type: string;
  readonly body: Uint8Array;
  /** The address names the content, so that the answer may be kept. */
  readonly immutable: boolean;
}

/** How long pictures are drawn before others' requests get their turn, in milliseconds. */
const turn = 10;

/**
 * @param address path and query below the host's place for media: `/12.png?abc` is image 12; `/faces/12,15` are two
 *   images, each on a line of its own as PNG in base64, the line of an image that is not there empty
 * @returns undefined when there is no such thing
 */
export async function mediaFile(holder: WorkspaceHolder, address: string): Promise<MediaFile | undefined> {
  const [, several] = /^\/faces\/(\d+(?:,\d+)*)$/.exec(address) ?? [];
  if (several !== undefined) return faces(holder, several.split(',').map(Number));
  const [, imageId, query] = /^\/(\d+)\.png(\?.+)?$/.exec(address) ?? [];
  if (imageId === undefined) return undefined;
  const body = imagePng(holder, Number(imageId));
  // Without a query the address does not name the content: image 1 of the next workspace is another.
  return body && { type: 'image/png', body, immutable: query !== undefined };
}

async function faces(holder: WorkspaceHolder, ids: readonly number[]): Promise<MediaFile | undefined> {
  if (ids.length > mostPictures) return undefined;
  const lines = [];
  let since = performance.now();
  for (const id of ids) {
    lines.push(imagePng(holder, id)?.toString('base64') ?? '');
    if (performance.now() - since < turn) continue;
    await othersTurn();
    since = performance.now();
  }
  return { type: 'text/plain', body: Buffer.from(lines.join('\n'), 'latin1'), immutable: false };
}

function imagePng(holder: WorkspaceHolder, imageId: number): Buffer | undefined {
  const { images } = holder.read();
  const image = images.get(imageId);
  return image && grayPng(images.pixels(imageId), image.width, image.height);
}
