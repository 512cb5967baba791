/** Where the page finds pictures: at the server that has sent it, or at the desktop's own scheme. */

let base = '/media';

/** @param address how the addresses of the workspace's pictures begin */
export function setPicturesAddress(address: string): void {
  base = address;
}

/** The address of an image's picture, which may be kept as long as the image has these pixels. */
export function pictureAddress({ id, sha256 }: { readonly id: number; readonly sha256: string }): string {
  return `${base}/${id}.png?${sha256.slice(0, 16)}`;
}

/** The address of the pictures of several images: a line each, PNG in base64. */
export function facePicturesAddress(ids: readonly number[]): string {
  return `${base}/faces/${ids.join(',')}`;
}
