/** Pictures decoded before they are shown, as many as fit a fixed room. */
import type { EditorImage } from '../../contract/images.ts';
import { pictureAddress } from '../pictures.ts';

export class PictureCache {
  readonly #capacity: number;
  /** The one used last stands last. */
  readonly #pictures = new Map<number, HTMLImageElement>();

  constructor(capacity = 48) {
    this.#capacity = capacity;
  }

  /** Whether the picture is there or on its way. */
  has({ id }: EditorImage): boolean {
    return this.#pictures.has(id);
  }

  /** The picture, where it can be drawn at once. */
  ready(image: EditorImage): HTMLImageElement | undefined {
    const picture = this.#pictures.get(image.id);
    return picture?.complete && picture.naturalWidth > 0 ? picture : undefined;
  }

  /** @returns when the picture can be drawn. @throws when it cannot be loaded */
  async load(image: EditorImage): Promise<HTMLImageElement> {
    const picture = this.#pictures.get(image.id) ?? new Image();
    this.#pictures.delete(image.id);
    this.#pictures.set(image.id, picture);
    if (!picture.src) {
      picture.crossOrigin = 'anonymous'; // its pixels are read, to equalise them
      picture.src = pictureAddress(image);
      for (const id of this.#pictures.keys()) {
        if (this.#pictures.size <= this.#capacity) break;
        this.#pictures.delete(id);
      }
    }
    try {
      await picture.decode();
    } catch (error) {
      this.#pictures.delete(image.id);
      throw error;
    }
    return picture;
  }
}
