/** The look of a report: light and dark as the reader has it, and light on paper. */

const light = `
  --ground: #fff; --panel: #f5f5f5; --line: #d6d6d6; --text: #1a1a1a; --quiet: #5c5c5c;
  --own: #0072b2; --other: #a85a00; --good: #00755a; --bad: #b3261e;`;
const dark = `
  --ground: #161616; --panel: #1e1e1e; --line: #383838; --text: #ededed; --quiet: #a8a8a8;
  --own: #56b4e9; --other: #e69f00; --good: #2fbf94; --bad: #ff7b72;`;

export const style = `
:root { color-scheme: light dark; ${light} }
@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/22px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 960px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { margin: 0; font-size: 26px; line-height: 34px; font-weight: 600; }
h2 { margin: 0 0 12px; font-size: 16px; line-height: 24px; font-weight: 600; }
dl + .wide, table + h3 { margin-top: 16px; }
h3 { margin: 16px 0 4px; font-size: 13px; line-height: 20px; font-weight: 600; color: var(--quiet); }
p { margin: 0 0 8px; max-width: 70ch; }
section { margin-top: 32px; padding-top: 16px; border-top: 1px solid var(--line); break-inside: auto; }
.quiet, .tick, .axis { color: var(--quiet); fill: var(--quiet); }
.figure { font-size: 40px; line-height: 48px; font-weight: 600; }
.figure small { font-size: 16px; font-weight: 400; color: var(--quiet); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: 3px 16px 3px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
th { font-weight: 600; font-size: 12px; color: var(--quiet); }
.number { text-align: right; }
.words { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(360px, 1fr)); gap: 2px 32px; margin: 0 0 8px; }
dl div { display: flex; justify-content: space-between; gap: 16px; padding: 2px 0; border-bottom: 1px solid var(--line); }
dt { color: var(--quiet); flex: none; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
.chart { display: block; width: 100%; height: auto; margin: 8px 0 16px; }
.chart path { fill: none; stroke-width: 1.75; stroke-linejoin: round; }
.chart text { font-size: 11px; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .leader { stroke: var(--quiet); stroke-width: 0.75; }
.chart .own { stroke: var(--own); }
.chart .other { stroke: var(--other); stroke-dasharray: 5 3; }
.chart .level { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 3; }
.chart text.name { stroke: none; fill: var(--text); }
.chart text.own { fill: var(--own); }
.chart text.other { fill: var(--other); }
.chart text.level { fill: var(--quiet); }
.bar { display: block; width: 240px; height: 10px; }
.bar rect { fill: var(--own); }
.faces { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 16px; margin: 8px 0; padding: 0; list-style: none; }
.faces li { break-inside: avoid; }
figure { margin: 0; }
figure svg { display: block; width: 100%; border-radius: 6px; }
figure path { fill: none; stroke-linecap: round; }
figcaption { margin-top: 4px; font-size: 12px; line-height: 18px; color: var(--quiet); }
figcaption strong { color: var(--text); }
.halo { stroke: #000; stroke-opacity: 0.65; }
.vector { stroke: #fff; }
.label { stroke: #56b4e9; }
.prediction { stroke: #e69f00; }
.key { display: inline-block; width: 10px; height: 10px; margin-right: 4px; border-radius: 50%; border: 2px solid #56b4e9; vertical-align: -1px; }
.key.cross { border-radius: 0; border: 0; background: linear-gradient(#e69f00, #e69f00) center/10px 2px no-repeat, linear-gradient(#e69f00, #e69f00) center/2px 10px no-repeat; }
summary { margin: 8px 0; cursor: pointer; color: var(--quiet); }
pre { margin: 0; padding: 12px; overflow-x: auto; border-radius: 6px; background: var(--panel); font: 12px/18px ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 32px; font-size: 12px; color: var(--quiet); }
@media print {
  @page { margin: 16mm; }
  body { font-size: 10pt; line-height: 14pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  section { margin-top: 16px; }
  h2 { break-after: avoid; }
  tr, .chart, dl div { break-inside: avoid; }
  .faces { grid-template-columns: repeat(6, 1fr); gap: 8px; }
  .wide { overflow: visible; }
}
`;
