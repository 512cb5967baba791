import { describe, expect, test } from 'vitest';
import type { AugmentedSample } from '../../../src/contract/augmentation.ts';
import { type Answer, type Ask, SampleRows } from '../../../src/renderer/samples/sample-rows.ts';

const sample = (pixels: string): AugmentedSample => ({ pixels, points: [], mirrored: false, lost: [] });
const imageIds = Array.from({ length: 100 }, (_, place) => place + 1);

/** Rows of ten samples, and a service that answers when the test says so. */
function bench() {
  const rows = new SampleRows(() => undefined);
  const asked: { name: string; ids: readonly number[]; answer: () => Promise<void>; fail: () => Promise<void> }[] = []; // prettier-ignore
  const ask = (name: string, ids = imageIds): Ask => ({
    imageIds: ids,
    variants: 10,
    fetch(ids) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const settled = () => new Promise<void>((done) => setTimeout(done));
      asked.push({
        name,
        ids,
        answer() {
          const images = ids.map((imageId) => ({ imageId, original: sample(name), variants: [] }));
          resolve({ images, lost: { points: 1, of: 10 } });
          return settled();
        },
        fail() {
          reject(new Error('no'));
          return settled();
        },
      });
      return promise;
    },
  });
  const answerAll = async () => {
    for (let at = 0; at < asked.length; at++) await asked[at]!.answer();
  };
  return { rows, asked, ask, answerAll };
}

describe('rows of samples', () => {
  test('in view come first and in one go, then the others until all are there', async () => {
    const { rows, asked, ask, answerAll } = bench();
    rows.show(ask('a'));
    rows.want(20, 24);
    await asked[0]!.answer();
    expect(rows.viewIsMade).toBe(false); // it was asked for before anybody said what is in view
    await answerAll();
    expect(asked.find(({ ids }) => ids.includes(21))!.ids).toEqual([21, 22, 23, 24, 25]);
    expect(rows.made).toBe(100);
    expect(rows.at(99)).toMatchObject({ imageId: 100 });
  });

  test('count what was lost in all of them, once', async () => {
    const { rows, asked, ask, answerAll } = bench();
    rows.show(ask('a'));
    await answerAll();
    const requests = asked.length;
    expect(rows.lost).toEqual({ points: requests, of: 10 * requests });
    rows.show(ask('b'));
    expect(rows.lost).toEqual({ points: 0, of: 0 });
  });

  test('stay as they were until they are made anew; other images do not', async () => {
    const { rows, ask, answerAll } = bench();
    rows.show(ask('a'));
    await answerAll();
    rows.show(ask('b'));
    expect(rows.at(0)!.original.pixels).toBe('a');
    rows.show(ask('c', [...imageIds]));
    expect(rows.at(0)).toBeUndefined();
  });

  test('while a slider moves only those in view are made, and of what was asked meanwhile only the last', async () => {
    const { rows, asked, ask, answerAll } = bench();
    rows.show(ask('a'));
    rows.want(0, 3);
    await answerAll();
    asked.length = 0;
    for (const name of ['b', 'c', 'd']) rows.show(ask(name), { viewOnly: true });
    await asked[0]!.answer();
    expect(rows.at(0)!.original.pixels).toBe('b'); // nearer to what is asked for than what was there
    await answerAll();
    expect(asked.map(({ name, ids }) => [name, ids.length])).toEqual([['b', 4], ['d', 4]]); // prettier-ignore
    expect(rows.at(0)!.original.pixels).toBe('d');
    expect(rows.at(99)!.original.pixels).toBe('a');
    rows.finish();
    await answerAll();
    expect(rows.at(99)!.original.pixels).toBe('d');
  });

  test('a failure is told, and nothing is asked again by itself', async () => {
    const { rows, asked, ask } = bench();
    rows.show(ask('a'));
    const underWay = asked.length;
    await asked[0]!.fail();
    expect(rows.problem?.message).toBe('no');
    for (const { answer } of asked.slice(1)) await answer();
    expect(asked).toHaveLength(underWay);
  });
});
