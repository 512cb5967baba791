/** What a grid of faces shows, and what its tiles have to know. */

/** Faces in a sequence, of which those in view are at hand. */
export interface Faces<Image> {
  readonly total: number | undefined;
  /** Changes when other images are shown. */
  readonly shown: unknown;
  /** The place of the face that the keyboard is on. */
  current: number;
  at(index: number): Image | undefined;
  want(first: number, last: number): void;
  open(image: Image): void;
}

export interface TilePlace<Image> {
  readonly image: Image | undefined;
  readonly index: number;
  /** Of the element. */
  readonly id: string;
  readonly column: number;
  /** Of the square, in CSS pixels. */
  readonly side: number;
  readonly current: boolean;
  readonly onselect: () => void;
  readonly onopen: (image: Image) => void;
}
