/** HTML as text that cannot be broken by what stands in it. */

/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | null | undefined | readonly Value[];

/** A template whose values are escaped, unless they are HTML; lists are joined, null and undefined are nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, i) => part + (i < values.length ? markup(values[i]) : '')).join(''));
}

function markup(value: Value): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(markup).join('');
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Rows under a heading. A heading that starts with a space is of a column of numbers, which is aligned right. */
export function table(headings: readonly string[], rows: readonly (readonly (Html | string)[])[]): Html {
  const look = headings.map((heading) => (heading.startsWith(' ') ? 'number' : 'words'));
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${headings.map((heading, i) => html`<th scope="col" class="${look[i]}">${heading.trim()}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) => html`<td class="${look[i]}">${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Names with what they are. */
export function facts(entries: readonly (readonly [string, Html | string])[]): Html {
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div> `,
    )}
  </dl>`;
}

/** A part of the page. */
export function section(title: string, ...content: readonly (Html | undefined)[]): Html {
  return html`<section>
    <h2>${title}</h2>
    ${content}
  </section> `;
}
