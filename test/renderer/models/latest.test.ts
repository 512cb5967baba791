import { expect, test } from 'vitest';
import { Latest } from '../../../src/renderer/models/latest.ts';

/** Questions that are answered when the test says so. */
function questions() {
  const taken: string[] = [];
  const asked: string[] = [];
  const waiting: PromiseWithResolvers<string>[] = [];
  const latest = new Latest<string>(
    (answer) => taken.push(answer),
    (error) => taken.push(`failed: ${(error as Error).message}`),
  );
  const ask = (name: string) =>
    latest.ask(() => {
      asked.push(name);
      const answer = Promise.withResolvers<string>();
      waiting.push(answer);
      return answer.promise;
    });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { taken, asked, waiting, latest, ask, settle };
}

test('of questions asked while one is under way only the newest is asked, and only it counts', async () => {
  const { taken, asked, waiting, ask, settle } = questions();
  for (const name of ['a', 'b', 'c']) ask(name);
  expect(asked).toEqual(['a']);
  waiting[0]!.resolve('of a');
  await settle();
  expect([asked, taken]).toEqual([['a', 'c'], []]);
  waiting[1]!.resolve('of c');
  await settle();
  expect(taken).toEqual(['of c']);
});

test('what is forgotten no longer counts, not even its failure; the next question does', async () => {
  const { taken, waiting, latest, ask, settle } = questions();
  ask('a');
  latest.forget();
  waiting[0]!.reject(new Error('too late'));
  await settle();
  ask('b');
  waiting[1]!.reject(new Error('no such layer'));
  await settle();
  expect(taken).toEqual(['failed: no such layer']);
});
