/** The style sheet of the page: for screens from phones to wide ones, light or dark, and for paper. */

import { DARK_COLOURS, DARK_SURFACE, FONT_FAMILY } from '../charts/index.ts';

/** Charts are drawn for white paper; where the screen is dark, each of their colours gives way to its partner. */
const DARK_CHARTS = [...DARK_COLOURS]
  .map(
    ([light, dark]) =>
      `svg.chart [fill="${light}"] { fill: ${dark}; } svg.chart [stroke="${light}"] { stroke: ${dark}; }`,
  )
  .join('\n  ');

export const STYLE = `
:root { --surface: white; --ink: #1f2933; --muted: #5b6773; --line: #dfe4e8; --wash: #f5f7f9; --accent: #0b5c8f; --alert: #a8420f;
  --alert-wash: #fdf1ea; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; color-scheme: light dark; }
body { margin: 0 auto; max-width: 1056px; padding: 40px 48px 80px; background: var(--surface); color: var(--ink);
  font: 16px/1.55 ${FONT_FAMILY}; overflow-wrap: break-word; }
header { margin-bottom: 28px; }
h1 { margin: 0 0 6px; font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.012em; text-wrap: balance; }
h2 { margin: 64px 0 4px; padding-top: 20px; border-top: 2px solid var(--ink); font-size: 22px; line-height: 1.25;
  font-weight: 650; letter-spacing: -0.006em; }
h3 { margin: 36px 0 12px; font-size: 17px; line-height: 1.35; font-weight: 600; max-width: 56em; text-wrap: pretty; }
h3.part { margin-top: 52px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 19px; font-weight: 650; }
h2 + h3.part { margin-top: 16px; padding-top: 0; border: 0; }
p { margin: 10px 0; max-width: 46em; }
a { color: var(--accent); text-underline-offset: 2px; }
.byline, .lead-in { color: var(--muted); margin: 0; max-width: none; }
.best-run { margin: 16px 0 0; max-width: 54em; }
.question { margin: 22px 0 0; font-size: 19px; line-height: 1.45; max-width: 40em; text-wrap: pretty; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 24px 0 0; padding: 0; list-style: none; font-size: 14.5px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 0 28px; margin: 26px 0 8px; padding: 0; }
.tiles > div { padding: 12px 0 14px; border-top: 1px solid var(--line); }
.tiles dt { color: var(--muted); font-size: 13.5px; }
.tiles dd { margin: 0; font-size: 13.5px; line-height: 1.4; color: var(--muted); }
.tiles dd.figure { font-size: 27px; line-height: 1.3; font-weight: 600; letter-spacing: -0.015em; color: var(--ink);
  font-variant-numeric: tabular-nums; }
.verdict, .alert, .decision { margin: 18px 0 0; padding: 14px 18px; background: var(--wash); border-radius: 6px; max-width: none; }
.alert { background: var(--alert-wash); border-left: 4px solid var(--alert); border-radius: 0 6px 6px 0; }
.decision { border-left: 4px solid var(--accent); border-radius: 0 6px 6px 0; }
.verdict b, .alert b, .decision b { font-weight: 600; }
.warnings { margin: 10px 0; padding: 0; list-style: none; max-width: 54em; }
.warnings li { padding: 7px 0 7px 26px; position: relative; border-bottom: 1px solid var(--line); font-size: 15px; line-height: 1.45; }
.warnings li::before { content: "!"; position: absolute; left: 0; top: 9px; width: 17px; height: 17px; border-radius: 50%;
  background: var(--alert); color: var(--surface); font-size: 12px; font-weight: 700; line-height: 17px; text-align: center; }
.warnings li.note::before { content: "i"; background: var(--muted); }
.reasons { margin: 12px 0 20px; padding-left: 20px; max-width: 54em; }
.reasons li { margin: 6px 0; }
.source { color: var(--muted); font-size: 13.5px; }
figure { margin: 0 0 28px; }
svg.chart { display: block; width: 100%; height: auto; max-width: 960px; }
svg.narrow { display: none; max-width: 460px; }
svg.broad { width: auto; max-width: none; }
.charts { overflow-x: auto; }
svg.chart text { font-variant-numeric: tabular-nums; }
figcaption { margin-top: 8px; color: var(--muted); font-size: 13.5px; line-height: 1.45; max-width: 60em; }
.scroll { overflow-x: auto; margin: 14px 0 22px; }
.scroll:focus-visible, .charts:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 14px; line-height: 1.35; }
caption { text-align: left; color: var(--muted); font-size: 13.5px; padding-bottom: 6px; }
th, td { padding: 4px 16px 4px 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); font-weight: 400; }
.name { display: block; width: max-content; max-width: 22em; overflow-wrap: anywhere; }
table.wide { font-size: 12.5px; }
table.wide th, table.wide td { padding-right: 11px; }
th:last-child, td:last-child { padding-right: 2px; }
thead th { font-weight: 600; border-bottom: 1.5px solid var(--ink); vertical-align: bottom; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .number { white-space: normal; }
thead th { position: relative; }
thead th button { all: unset; cursor: pointer; font: inherit; }
thead th button:hover { color: var(--accent); }
thead th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
thead th button::after { position: absolute; margin-left: 2px; font-weight: 400; }
thead th button:hover::after { content: "\\2195"; }
thead th[aria-sort=ascending] button::after { content: "\\2191"; }
thead th[aria-sort=descending] button::after { content: "\\2193"; }
.uncertainty { color: var(--muted); }
.flag { color: var(--alert); font-size: 12.5px; white-space: nowrap; }
details { margin: 8px 0; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
summary { cursor: pointer; color: var(--accent); font-size: 14.5px; padding: 3px 0; }
.count { color: var(--muted); font-size: 13px; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 5px 24px; margin: 14px 0; font-size: 15px; }
dl.facts dt { color: var(--muted); }
dl.facts dd { margin: 0; }
.formula sub, .formula sup { font-size: 0.7em; line-height: 0; }
.formula { margin: 16px 0; font-size: 19px; font-family: "Cambria Math", Cambria, "STIX Two Text", Georgia, "DejaVu Serif", serif; }
pre, code { font: 13px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--wash); padding: 14px 18px; border-radius: 6px; overflow-x: auto; white-space: pre-wrap; }
.hash { word-break: break-all; min-width: 18em; }
code.token { background: var(--wash); border-radius: 3px; padding: 1px 3px; color: var(--ink); white-space: pre-wrap;
  unicode-bidi: isolate; }
.compact details { margin: 0; }
.nowrap { white-space: nowrap; }
.frequent { display: inline-block; margin-right: 12px; }
footer { margin-top: 64px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--muted); font-size: 13.5px; }
@media screen and (max-width: 860px) {
  body { padding: 24px 20px 56px; }
  h1 { font-size: 25px; }
}
@media screen and (max-width: 740px) {
  .tiles { grid-template-columns: repeat(2, 1fr); }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: 8px; }
  svg.chart { display: none; }
  svg.narrow { display: block; }
  .scroll { margin-right: -20px; padding-right: 20px; }
  caption { max-width: calc(100vw - 40px); position: sticky; left: 0; display: table-caption; }
  .scroll > table > * > tr > th:first-child { position: sticky; left: 0; background: var(--surface); }
  .name { max-width: 38vw; }
  table.wide { font-size: 13px; }
}
@media screen and (prefers-color-scheme: dark) {
  :root { --surface: ${DARK_SURFACE}; --ink: #e6eaed; --muted: #a5b0ba; --line: #303941; --wash: #1c2329; --accent: #7cc0ee;
    --alert: #f0a077; --alert-wash: #2d2019; }
  svg.chart { color: #e6eaed; fill: #e6eaed; }
  ${DARK_CHARTS}
}
@media print {
  @page { size: A4; margin: 15mm 14mm 16mm; }
  html { scroll-behavior: auto; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h1 { font-size: 20pt; }
  h2 { font-size: 15pt; margin-top: 26pt; padding-top: 10pt; break-after: avoid; }
  h3 { font-size: 11.5pt; margin: 18pt 0 6pt; break-after: avoid; }
  .question { font-size: 13pt; }
  .tiles { grid-template-columns: repeat(4, 1fr); gap: 0 16px; break-inside: avoid; }
  .tiles dd.figure { font-size: 17pt; }
  .tiles dd, .tiles dt, figcaption, caption, table { font-size: 8.5pt; }
  th, td { padding: 2.5pt 10pt 2.5pt 0; }
  table.wide { font-size: 7pt; }
  table.wide th, table.wide td { padding-right: 6pt; }
  figure, .verdict, .scroll, tr, .warnings li, dl.facts > * { break-inside: avoid; }
  .scroll, .charts { overflow: visible; }
  nav { display: none; }
  thead th button::after { content: none !important; }
  summary { color: var(--muted); list-style: none; font-size: 9pt; }
  a { color: inherit; text-decoration: none; }
  dl.facts { font-size: 9.5pt; gap: 2pt 14pt; }
  footer { margin-top: 16pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`.trim();
