/** Where the page finds pictures: of the server that sent it, or of the desktop's own scheme. */

const base = window.desktop ? 'media://workspace' : '/media';

/** The address of an image's picture, which may be kept as long as the image has these pixels. */
export function pictureAddress({ id, sha256 }: { readonly id: number; readonly sha256: string }): string {
  return `${base}/${id}.png?${sha256.slice(0, 16)}`;
}
