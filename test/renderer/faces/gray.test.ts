import { expect, test } from 'vitest';
import { bytesOf, grayPixels } from '../../../src/renderer/faces/gray.ts';

test('a gray picture is opaque', () => {
  expect([...grayPixels([0, 200])]).toEqual([0, 0, 0, 255, 200, 200, 200, 255]);
});

test('bytes come back from Base64 as they were', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
  expect(bytesOf(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
});
