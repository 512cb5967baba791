import { expect, test } from 'vitest';
import { ticks } from '../../../src/service/report/charts.ts';
import { html, table } from '../../../src/service/report/html.ts';

test('what stands in a template is text, whatever it looks like', () => {
  expect(html`<p title="${`"a" & 'b'`}">${'<script>'}</p>`.text).toBe(
    '<p title="&#34;a&#34; &#38; &#39;b&#39;">&#60;script&#62;</p>',
  );
});

test('HTML in a template stays HTML, lists are joined, and nothing is nothing', () => {
  expect(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${null}${undefined}</ul>`.text).toBe('<ul><li>1</li><li>2</li></ul>'); // prettier-ignore
});

test('columns of numbers are told apart from words', () => {
  const { text } = table(['name', ' px'], [['nose', '1.50']]);
  expect(text).toContain('<td class="words">nose</td>');
  expect(text).toContain('<td class="number">1.50</td>');
});

test.each([
  [4.3, [0, 1, 2, 3, 4, 5]],
  [100, [0, 20, 40, 60, 80, 100]],
  [0.012, [0, 0.005, 0.01, 0.015]],
  [0, [0, 1]],
])('axes to %d are marked at round numbers', (largest, expected) => {
  const found = ticks(largest);
  expect(found).toHaveLength(expected.length);
  found.forEach((tick, i) => expect(tick).toBeCloseTo(expected[i]!, 9));
});
