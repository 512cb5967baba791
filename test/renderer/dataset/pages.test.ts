import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Selection } from '../../../src/contract/cells.ts';
import type { ImageView } from '../../../src/contract/images.ts';
import type { FetchPage } from '../../../src/renderer/dataset/pages.ts';
import { Pages, pageSize } from '../../../src/renderer/dataset/pages.ts';

/** A service that answers when the test says so. */
class Service {
  readonly asked: {
    selection: Selection;
    offset: number;
    signal: AbortSignal;
    answer: () => void;
    fail: () => void;
  }[] = [];
  total = 2_500;

  readonly fetch: FetchPage = (selection, offset, limit, signal) =>
    new Promise((resolve, reject) => {
      const answer = () => {
        const length = Math.max(0, Math.min(limit, this.total - offset));
        resolve({ total: this.total, images: Array.from({ length }, (_, i) => image(offset + i + 1)) });
      };
      this.asked.push({ selection, offset, signal, answer, fail: () => reject(new Error('out of order')) });
    });

  async answerAll(): Promise<void> {
    while (this.asked.length > 0) {
      this.asked.shift()!.answer();
      await settled();
    }
  }
}

const image = (id: number): ImageView => ({
  id,
  sha256: '',
  width: 96,
  height: 96,
  duplicateGroup: null,
  labels: [{ state: 'missing' }, { state: 'absent' }],
  outlier: null,
});

const settled = () => new Promise((resolve) => setTimeout(resolve));
const everything: Selection = {};
const incomplete: Selection = { filter: { complete: false } };

let service: Service;
let pages: Pages;
let changes: number;

beforeEach(() => {
  service = new Service();
  changes = 0;
  pages = new Pages(service.fetch, () => changes++);
});

describe('the images of a selection', () => {
  test('are asked for where they are in view, and are placeholders until then', async () => {
    pages.select(everything);
    expect(pages.total).toBeUndefined();
    await service.answerAll();
    expect(pages.total).toBe(2_500);
    expect(pages.at(0)?.id).toBe(1);
    expect(pages.at(1_234)).toBeUndefined();
    pages.want(1_200, 1_240);
    expect(service.asked.map(({ offset }) => offset)).toEqual([1_200]);
    await service.answerAll();
    expect(pages.at(1_234)?.id).toBe(1_235);
  });

  test('are shown from where the screen was left', async () => {
    pages.select(everything, 1_234);
    expect(service.asked[0]!.offset).toBe(1_200);
    await service.answerAll();
    expect(pages.at(1_234)?.id).toBe(1_235);
  });

  test('that flew by are not asked for once they are out of view', async () => {
    pages.select(everything);
    await service.answerAll();
    for (let index = 0; index < 2_400; index += 40) pages.want(index, index + 40);
    const underWay = service.asked.length;
    expect(underWay).toBeLessThanOrEqual(2);
    await service.answerAll();
    expect(pages.at(2_390)).toBeDefined();
    expect(pages.at(1_250)).toBeUndefined();
  });

  test('stay on the screen until those of the next selection are there', async () => {
    pages.select(everything);
    await service.answerAll();
    pages.select(incomplete);
    expect(pages.waiting).toBe(true);
    expect(pages.selection).toBe(everything);
    expect(pages.at(0)).toBeDefined();
    service.total = 7;
    await service.answerAll();
    expect(pages.waiting).toBe(false);
    expect(pages.selection).toBe(incomplete);
    expect(pages.total).toBe(7);
  });

  test('are one change when they are there soon, and are said to be waited for when they are not', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    pages.select(everything);
    service.asked.shift()!.answer();
    await vi.advanceTimersByTimeAsync(0);

    changes = 0;
    pages.select(incomplete);
    service.asked.shift()!.answer();
    await vi.advanceTimersByTimeAsync(1000);
    expect(changes).toBe(1);

    changes = 0;
    pages.select(everything);
    await vi.advanceTimersByTimeAsync(1000);
    expect(changes).toBe(1);
    expect(pages.waiting).toBe(true);
  });

  test('do not mix with a late answer to a selection that was left', async () => {
    pages.select(incomplete);
    const late = service.asked.pop()!;
    pages.select(everything);
    await service.answerAll();
    expect(late.signal.aborted).toBe(true);
    service.total = 7;
    late.answer();
    await settled();
    expect(pages.selection).toBe(everything);
    expect(pages.total).toBe(2_500);
  });

  test('are asked for again after a change, and stay on the screen meanwhile', async () => {
    pages.select(everything);
    await service.answerAll();
    pages.want(0, 40);
    service.total = 2_499;
    pages.refresh();
    expect(pages.at(0)).toBeDefined();
    expect(service.asked.map(({ offset }) => offset)).toEqual([0]);
    await service.answerAll();
    expect(pages.total).toBe(2_499);
  });

  test('are asked for once more where a change came before the answer', async () => {
    pages.select(everything);
    await service.answerAll();
    pages.want(150, 170);
    pages.refresh();
    const [asked] = service.asked.splice(0);
    asked!.answer();
    await settled();
    expect(service.asked.map(({ offset }) => offset)).toEqual([120]);
  });

  test('show that nothing matches any more, and that something does again', async () => {
    service.total = 0;
    pages.select(incomplete);
    await service.answerAll();
    expect(pages.total).toBe(0);
    service.total = 3;
    pages.refresh();
    await service.answerAll();
    expect(pages.at(2)?.id).toBe(3);
  });

  test('show a label as soon as it is made', async () => {
    pages.select(everything);
    await service.answerAll();
    const [before, neighbour] = [pages.at(4), pages.at(5)];
    const label = { state: 'visible', x: 30, y: 40 } as const;
    pages.patch([{ imageId: 5, keypoint: 1, label, author: null }]);
    expect(pages.at(4)?.labels).toEqual([{ state: 'missing' }, label]);
    expect(before?.labels[1]).toEqual({ state: 'absent' });
    expect(pages.at(5)).toBe(neighbour);
  });

  test('say why they cannot be shown, and come with the next attempt', async () => {
    pages.select(everything);
    service.asked.shift()!.fail();
    await settled();
    expect(pages.problem?.message).toBe('out of order');
    pages.refresh();
    expect(pages.problem).toBeUndefined();
    await service.answerAll();
    expect(pages.at(0)).toBeDefined();
  });

  test('are not kept without end', async () => {
    service.total = 100_000;
    pages.select(everything);
    await service.answerAll();
    for (let index = 0; index < 20_000; index += pageSize) {
      pages.want(index, index + 50);
      await service.answerAll();
    }
    expect(pages.at(19_950)).toBeDefined();
    expect(pages.at(0)).toBeUndefined();
  });
});
