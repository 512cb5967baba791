import { describe, expect, test } from 'vitest';
import { lookOf } from '../../src/domain/perceptual-hash.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, openScratch } from './scratch.ts';

/** A smooth blob of light in the dark, 32 x 32. */
function blobAt(x: number, y: number): Uint8Array {
  return Uint8Array.from(
    { length: 1024 },
    (_, i) => 200 * Math.exp(-(((i % 32) - x) ** 2 + (Math.floor(i / 32) - y) ** 2) / 50),
  );
}

/** A blob that looks like no other number's. */
function blob(number: number): Uint8Array {
  return blobAt(4 + ((number * 7) % 24), 4 + ((number * 11) % 24));
}

function add(workspace: Workspace, pixels: Uint8Array): number {
  return workspace.images.add({ width: 32, height: 32, pixels }).id;
}

describe('adding pictures', () => {
  test('stores the same pixels once', () => {
    const { images } = openScratch();
    const first = images.add({ width: 32, height: 32, pixels: blob(1) });
    expect(images.add({ width: 32, height: 32, pixels: blob(1) })).toEqual({ id: first.id, added: false });
    expect(images.count()).toBe(1);
  });

  test('tells pictures of another shape apart, though their bytes agree', () => {
    const { images } = openScratch();
    images.add({ width: 32, height: 32, pixels: blob(1) });
    expect(images.add({ width: 64, height: 16, pixels: blob(1) }).added).toBe(true);
  });

  test('gives the pixels back', () => {
    const workspace = openScratch();
    expect([...workspace.images.pixels(add(workspace, blob(3)))]).toEqual([...blob(3)]);
  });

  test('refuses pixels that do not fill the picture', () => {
    const { images } = openScratch();
    expect(() => images.add({ width: 10, height: 10, pixels: blob(1) })).toThrow(
      /1024 pixels for a picture of 10 x 10/,
    );
  });

  test('iterates over images in the order asked for', () => {
    const workspace = openScratch();
    const [first, second] = [addPicture(workspace, 1), addPicture(workspace, 2)];
    expect([...workspace.images.iterate([second, first])].map(({ id }) => id)).toEqual([second, first]);
  });
});

describe('near duplicates', () => {
  const brighter = (gray: number) => Math.min(255, 1.2 * gray + 5);
  const grainy = (gray: number, i: number) => gray + ((i * 31) % 4);

  test('are brought together, in whatever light and however noisy', () => {
    const workspace = openScratch();
    const original = add(workspace, blob(1));
    const lone = add(workspace, blob(2));
    const copies = [add(workspace, blob(1).map(brighter)), add(workspace, blob(1).map(grainy))];
    expect(workspace.images.duplicateGroups()).toEqual([[original, ...copies]]);
    expect(workspace.images.get(copies[0]!)!.duplicateGroup).toBe(original);
    expect(workspace.images.get(lone)!.duplicateGroup).toBe(lone);
  });

  test('are found among pictures of one transaction as well', () => {
    const workspace = openScratch();
    const ids = workspace.transaction(() => [add(workspace, blob(1)), add(workspace, blob(1).map(brighter))]);
    expect(workspace.images.duplicateGroups()).toEqual([ids]);
  });

  test('are found by the thumbnails that are at hand', () => {
    const workspace = openScratch();
    const pictures = [blob(1), blob(1).map(brighter), blob(2)].map((pixels) => ({
      width: 32,
      height: 32,
      pixels,
    }));
    const [original, copy] = workspace.transaction(() => {
      const ids = pictures.map((picture) => workspace.images.add(picture).id);
      const looks = pictures.map(({ pixels }) => lookOf(pixels, 32, 32).thumbnail);
      workspace.images.groupAdded(new Map(ids.map((id, i) => [id, looks[i]!])));
      return ids;
    });
    expect(workspace.images.duplicateGroups()).toEqual([[original, copy]]);
  });

  test('are not made by a hash that happens to be close', () => {
    const workspace = openScratch();
    // Both fall steadily to the right, so every bit of the hash agrees; one falls at once, the other at the end.
    const falling = (fall: (x: number) => number) =>
      Uint8Array.from({ length: 1024 }, (_, i) => 250 - fall(i % 32));
    const pictures = [falling((x) => (x < 2 ? 0 : 200 + x)), falling((x) => (x < 30 ? x : 200 + x / 8))];
    for (const pixels of pictures) add(workspace, pixels);
    expect(pictures.map((pixels) => lookOf(pixels, 32, 32).hash.low)).toEqual([0xffffffff, 0xffffffff]);
    expect(workspace.images.duplicateGroups()).toEqual([]);
  });

  test('of two groups make them one', () => {
    const workspace = openScratch();
    const [left, middle, right] = [10.7, 12, 13.4].map((x) => blobAt(x, 16)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const ends = [add(workspace, left), add(workspace, right)];
    expect(workspace.images.duplicateGroups()).toEqual([]);
    const between = add(workspace, middle);
    expect(workspace.images.duplicateGroups()).toEqual([[...ends, between]]);
  });
});
