/** Pictures of the workspace as files that a browser shows. */
import type { WorkspaceHolder } from './holder.ts';

/** @returns a PNG, or undefined when there is no such image. */
export async function imagePng(holder: WorkspaceHolder, imageId: number): Promise<Buffer | undefined> {
  const { images } = holder.read();
  const image = images.get(imageId);
  if (!image) return undefined;
  const { default: sharp } = await import('sharp');
  const { width, height } = image;
  return sharp(images.pixels(imageId), { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
