import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { grayPng } from '../../src/service/png.ts';

const pictures = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((pixels) => ({ width, height, pixels })),
  );

test('a gray picture comes back from its PNG as it was', async () => {
  await fc.assert(
    fc.asyncProperty(pictures, async ({ width, height, pixels }) => {
      const { data, info } = await sharp(grayPng(pixels, width, height))
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width, height, channels: 1 });
      expect(new Uint8Array(data)).toEqual(pixels);
    }),
  );
});
