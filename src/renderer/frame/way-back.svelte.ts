/** Where a person came from to correct something in the editor, to go back to the same place. */
import { address } from './address.svelte.ts';

class WayBack {
  /** An address of this page; empty where the person came by themselves. */
  hash = $state('');

  /** Opens an image in the editor. */
  edit(imageId: number): void {
    this.hash = location.hash;
    address.go('label', new URLSearchParams({ image: String(imageId) }));
  }

  return(): void {
    const { hash } = this;
    this.hash = '';
    location.hash = hash;
  }
}

export const wayBack = new WayBack();
