import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { loadPicture } from '../../src/service/pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-pictures-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

/** Black, with a white square of 8 x 8 pixels whose corner is at (left, top). */
function whiteSquare(width: number, height: number, left: number, top: number) {
  const square = { create: { width: 8, height: 8, channels: 3 as const, background: 'white' } };
  return sharp({ create: { width, height, channels: 3, background: 'black' } }).composite([
    { input: square, left, top },
  ]);
}

/** The middle of what is bright. */
function brightPlace({ width, pixels }: { width: number; pixels: Uint8Array }): { x: number; y: number } {
  let [x, y, sum] = [0, 0, 0];
  pixels.forEach((value, i) => {
    x += value * (i % width);
    y += value * Math.floor(i / width);
    sum += value;
  });
  return { x: x / sum, y: y / sum };
}

test('a large colour picture becomes a small gray one, whose places lead back to its own pixels', async () => {
  await whiteSquare(400, 300, 320, 40).png().toFile(file('large.png'));
  const { width, height, picture, place } = await loadPicture(file('large.png'));
  expect([width, height]).toEqual([400, 300]);
  expect([picture.width, picture.height]).toEqual([96, 72]);
  expect(picture.pixels).toHaveLength(96 * 72);
  const { x, y } = brightPlace(picture);
  expect(place(x, y).x).toBeCloseTo(323.5, 0);
  expect(place(x, y).y).toBeCloseTo(43.5, 0);
});

test('a picture of the size that networks read is taken pixel for pixel', async () => {
  const pixels = Uint8Array.from({ length: 96 * 96 }, (_, i) => i % 251);
  await sharp(pixels, { raw: { width: 96, height: 96, channels: 1 } })
    .png()
    .toFile(file('same.png'));
  const { picture, place } = await loadPicture(file('same.png'));
  expect(picture.pixels).toEqual(pixels);
  expect(place(12.25, 3)).toEqual({ x: 12.25, y: 3 });
});

test('a photograph that the camera held sideways is turned as it is shown', async () => {
  // Orientation 6: shown after a quarter turn clockwise, so what is top left is shown top right.
  await whiteSquare(200, 100, 0, 0)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95 })
    .toFile(file('turned.jpg'));
  const { width, height, picture, place } = await loadPicture(file('turned.jpg'));
  expect([width, height]).toEqual([100, 200]);
  const { x, y } = brightPlace(picture);
  expect(place(x, y).x).toBeGreaterThan(90);
  expect(place(x, y).y).toBeLessThan(10);
});

test.each(['gray', 'transparent'])('a %s picture is one gray channel', async (kind) => {
  const image = whiteSquare(96, 96, 10, 10);
  if (kind === 'gray')
    await image
      .toColourspace('b-w')
      .png()
      .toFile(file(`${kind}.png`));
  else
    await image
      .ensureAlpha(0.5)
      .png()
      .toFile(file(`${kind}.png`));
  expect((await loadPicture(file(`${kind}.png`))).picture.pixels).toHaveLength(96 * 96);
});

test.each([
  ['that is not there', 'none.png'],
  ['that is none', 'text.png'],
])('a picture %s is the input’s fault, named', async (_name, picture) => {
  writeFileSync(file('text.png'), 'no picture');
  await expect(loadPicture(file(picture))).rejects.toMatchObject({
    name: 'InputProblem',
    details: { file: file(picture) },
  });
});
