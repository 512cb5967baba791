/** Lines over axes, as SVG that needs nothing else. */
import { html, type Html } from './html.ts';

interface Series {
  readonly name: string;
  /** Of the style sheet: its colour and dashes. */
  readonly look: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Chart {
  /** What it shows, for whoever cannot see it. */
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Drawn across, named at the right end. */
  readonly levels?: readonly { readonly name: string; readonly y: number }[];
}

const [width, height] = [720, 260];
const [left, right, top, bottom] = [56, 190, 12, 40];

/** From 0, as numbers that a person compares should be. */
export function lineChart({ title, x, y, series, levels = [] }: Chart): Html {
  const points = series.flatMap((one) => one.points);
  const xTicks = ticks(Math.max(...points.map(([at]) => at)));
  const yTicks = ticks(Math.max(...points.map(([, value]) => value), ...levels.map((level) => level.y)));
  const placeX = (value: number) => round(left + (value / xTicks.at(-1)!) * (width - left - right));
  const placeY = (value: number) =>
    round(height - bottom - (value / yTicks.at(-1)!) * (height - top - bottom));
  const ends = apart([
    ...series.map(({ name, look, points: own }) => ({ name, look, y: placeY(own.at(-1)![1]) })),
    ...levels.map((level) => ({ name: level.name, look: 'level', y: placeY(level.y) })),
  ]);
  const end = width - right;
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${yTicks.map((tick) => html`<path class="grid" d="M${left} ${placeY(tick)}H${end}" /><text class="tick" x="${left - 8}" y="${placeY(tick) + 4}" text-anchor="end">${label(tick)}</text>`)}
    ${xTicks.map((tick) => html`<text class="tick" x="${placeX(tick)}" y="${height - bottom + 18}" text-anchor="middle">${label(tick)}</text>`)}
    <text class="axis" x="${(left + end) / 2}" y="${height - 4}" text-anchor="middle">${x}</text>
    <text
      class="axis"
      transform="rotate(-90)"
      x="${-(top + height - bottom) / 2}"
      y="12"
      text-anchor="middle"
    >
      ${y}
    </text>
    ${levels.map((level) => html`<path class="level" d="M${left} ${placeY(level.y)}H${end}" />`)}
    ${series.map(({ look, points: own }) => html`<path class="${look}" d="${own.map(([at, value], i) => `${i === 0 ? 'M' : 'L'}${placeX(at)} ${placeY(value)}`).join('')}" />`)}
    ${ends.map(({ name, look, y: at, from }) => html`<path class="leader" d="M${end + 2} ${from}L${end + 10} ${at}" /><text class="name ${look}" x="${end + 14}" y="${at + 4}">${name}</text>`)}
  </svg>`;
}

/** From 0 to at least the largest value, four to seven round numbers. */
export function ticks(largest: number): number[] {
  if (!(largest > 0)) return [0, 1];
  const rough = largest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough)! * power;
  return Array.from({ length: Math.ceil(largest / step - 1e-9) + 1 }, (_, i) => i * step);
}

/** Names beside the ends of lines, moved so that none covers another. */
function apart<T extends { readonly y: number }>(names: readonly T[]): (T & { readonly from: number })[] {
  const gap = 15;
  const ordered = names.toSorted((a, b) => a.y - b.y);
  const places: number[] = [];
  for (const { y } of ordered) places.push(Math.max(y, (places.at(-1) ?? -Infinity) + gap));
  let lowest = height - bottom + 4;
  for (let i = places.length - 1; i >= 0; i--, lowest -= gap)
    lowest = places[i] = Math.min(places[i]!, lowest);
  return ordered.map((name, i) => ({ ...name, from: name.y, y: places[i]! }));
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Without the digits that floating point adds. */
const label = (value: number) =>
  value !== 0 && value < 1e-3 ? value.toExponential(0) : String(Number(value.toPrecision(6)));
