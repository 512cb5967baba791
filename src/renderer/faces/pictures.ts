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
  /** @param address undefined where the picture could not be had */
  readonly answer: (address: string | undefined) => void;
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
  let left = false;
  const load = () => ask({ id, sha256, answer });
  const answer = (address: string | undefined) => {
    if (left) return;
    if (address === undefined) setTimeout(() => left || load(), beforeNextTry);
    else element.src = address;
  };
  load();
  return () => (left = true);
};

function ask(one: Asked): void {
  if (asked.length === 0) setTimeout(() => void fetchAsked());
  asked.push(one);
  if (asked.length === mostPictures) void fetchAsked();
}

async function fetchAsked(): Promise<void> {
  const those = asked;
  asked = [];
  if (those.length === 0) return;
  // Whether the service is there the frame says, not each face.
  const pictures = await fetchPictures(those.map(({ id }) => id)).catch(() => []);
  for (const [i, { sha256, answer }] of those.entries()) {
    const address = pictures[i] ? `data:image/png;base64,${pictures[i]}` : undefined;
    if (address) keep(sha256, address);
    answer(address);
  }
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
