/** What the page shows without asking for it in JSON: the workspace's pictures, by address, for whichever host. */
import type { WorkspaceHolder } from './holder.ts';
import { grayPng } from './png.ts';

export interface MediaFile {
  readonly type: string;
  readonly body: Uint8Array;
  /** The address names the content, so that the answer may be kept. */
  readonly immutable: boolean;
}

/**
 * @param address path and query below the host's place for media: `/12.png?abc` is image 12
 * @returns undefined when there is no such thing
 */
export async function mediaFile(holder: WorkspaceHolder, address: string): Promise<MediaFile | undefined> {
  const [, imageId, query] = /^\/(\d+)\.png(\?.+)?$/.exec(address) ?? [];
  if (imageId === undefined) return undefined;
  const body = imagePng(holder, Number(imageId));
  // Without a query the address does not name the content: image 1 of the next workspace is another.
  return body && { type: 'image/png', body, immutable: query !== undefined };
}

function imagePng(holder: WorkspaceHolder, imageId: number): Uint8Array | undefined {
  const { images } = holder.read();
  const image = images.get(imageId);
  return image && grayPng(images.pixels(imageId), image.width, image.height);
}
