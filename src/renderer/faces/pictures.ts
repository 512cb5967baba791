/**
 * The pictures of small faces. What asks in the same moment, a page of the grid or a row that scrolls in, is answered
 * by one request: for a picture of its own each, a browser needs five times as long.
 */
import { mostPictures } from '../../contract/pictures.ts';
import { facePicturesAddress } from '../pictures.ts';

/** What is kept at most, in characters: about 600 faces of 96 pixels. */
const room = 4_000_000;

/** After a request that failed, in milliseconds. */
const beforeNextTry = 2000;

/** Addresses that hold their picture, by its content. The one used last stands last. */
const kept = new Map<string, string>();
let used = 0;

interface Asked {
  readonly id: number;
  readonly sha256: string;
  readonly element: HTMLImageElement;
  /** The element shows another image by now, or is gone. */
  left: boolean;
}
let asked: Asked[] = [];

/** An attachment: the element shows the image's picture as soon as it is there. Tries again until it is. */
export const picture = (id: number, sha256: string) => (element: HTMLImageElement) => {
  const known = kept.get(sha256);
  if (known !== undefined) {
    keep(sha256, known);
    element.src = known;
    return;
  }
  element.removeAttribute('src'); // of an image that stood here before
  const one = { id, sha256, element, left: false };
  ask(one);
  return () => (one.left = true);
};

function ask(one: Asked): void {
  if (asked.length === 0) setTimeout(() => void fetchAsked());
  asked.push(one);
  if (asked.length === mostPictures) void fetchAsked();
}

async function fetchAsked(): Promise<void> {
  const those = asked.filter(({ left }) => !left);
  asked = [];
  if (those.length === 0) return;
  // Whether the service is there the frame says, not each face.
  const pictures = await fetchPictures(those.map(({ id }) => id)).catch(() => []);
  const without: Asked[] = [];
  for (const [i, one] of those.entries()) {
    if (pictures[i]) show(one, `data:image/png;base64,${pictures[i]}`);
    else without.push(one);
  }
  if (without.length > 0) setTimeout(() => without.forEach(ask), beforeNextTry);
}

function show({ sha256, element, left }: Asked, address: string): void {
  keep(sha256, address);
  if (!left) element.src = address;
}

/** PNG in base64 each, empty for an image that is not there. */
async function fetchPictures(ids: readonly number[]): Promise<string[]> {
  const response = await fetch(facePicturesAddress(ids));
  if (!response.ok) throw new Error(`The pictures were refused: ${response.status}.`);
  return (await response.text()).split('\n');
}

function keep(sha256: string, address: string): void {
  used += address.length - (kept.get(sha256)?.length ?? 0);
  kept.delete(sha256);
  kept.set(sha256, address);
  for (const [oldest, { length }] of kept) {
    if (used <= room) break;
    kept.delete(oldest);
    used -= length;
  }
}
