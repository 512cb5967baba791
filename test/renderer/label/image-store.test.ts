import { expect, test } from 'vitest';
import type { EditorImage } from '../../../src/contract/images.ts';
import { ImageStore } from '../../../src/renderer/label/image-store.ts';

const image = (id: number): EditorImage => ({
  id,
  sha256: '',
  width: 4,
  height: 4,
  duplicateGroup: null,
  labels: [{ state: 'missing' }],
  outlier: null,
  rows: [],
  authors: [null],
  disputed: [],
  duplicates: [],
  companions: [],
  prediction: null,
});

const cell = (imageId: number) => ({
  imageId,
  keypoint: 0,
  label: { state: 'visible' as const, x: 1, y: 2 },
  author: { kind: 'human' as const, name: 'ana' },
});

test('an image is asked for once, however often it is wanted', async () => {
  const asked: number[][] = [];
  const store = new ImageStore((ids) => {
    asked.push(ids);
    return Promise.resolve(ids.map(image));
  });
  await Promise.all([store.ensure([1, 2]), store.ensure([2, 3])]);
  await store.ensure([1, 3]);
  expect(asked).toEqual([[1, 2], [3]]);
});

test('keeps those used last, however many there were', async () => {
  const store = new ImageStore((ids) => Promise.resolve(ids.map(image)), 3);
  await store.ensure([1, 2, 3]);
  store.get(1);
  await store.ensure([4]);
  expect([1, 2, 3, 4].filter((id) => store.get(id))).toEqual([1, 3, 4]);
});

test('a label stored while its image was on the way is not lost to the older one that arrives', async () => {
  let answer: (images: EditorImage[]) => void = () => undefined;
  const store = new ImageStore(() => new Promise((resolve) => (answer = resolve)));
  const loading = store.ensure([1]);
  store.change([cell(1)]);
  answer([image(1)]);
  await loading;
  expect(store.get(1)!.labels[0]).toEqual({ state: 'visible', x: 1, y: 2 });
});

test('an image that could not be loaded is asked for again', async () => {
  let fails = true;
  const store = new ImageStore((ids) =>
    fails ? Promise.reject(new Error('lost')) : Promise.resolve(ids.map(image)),
  );
  await expect(store.ensure([1])).rejects.toThrow('lost');
  fails = false;
  await store.ensure([1]);
  expect(store.get(1)).toBeDefined();
});
