import { colours, dark, light, type Theme } from '../charts/theme.js';

const variables = (theme: Theme): string =>
  Object.entries(colours(theme))
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');

/** The style sheet of the report. */
export const style = `
:root { color-scheme: light; ${variables(light)} --page: #f5f7fa; --line: #dfe4eb; --accent: #0b63b0; --good: #087a4d; --warn: #8a5a00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { color-scheme: dark; ${variables(dark)} --page: #0e1218; --line: #2b3340; --accent: #7dbcf5; --good: #4fd09b; --warn: #efbf5a; --bad: #ff8f86; }
}
@media print { :root { color-scheme: light; ${variables(light)} --page: #ffffff; --line: #cfd5de; --accent: #0b63b0; --good: #087a4d; --warn: #8a5a00; --bad: #b3261e; } }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 64px; }
header { margin-bottom: 20px; }
h1 { font-size: clamp(1.45rem, 1.1rem + 1.6vw, 2.05rem); line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 8px; font-weight: 680; text-wrap: balance; }
h2 { font-size: 1.15rem; line-height: 1.3; letter-spacing: -0.005em; margin: 0 0 4px; font-weight: 650; }
h3 { font-size: 0.9rem; line-height: 1.35; margin: 0 0 6px; font-weight: 600; display: flex; gap: 8px; align-items: baseline; }
p { margin: 0 0 10px; }
code { font: 0.88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.facts { color: var(--muted); font-size: 0.88rem; display: flex; flex-wrap: wrap; gap: 2px 18px; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 20px 22px; margin: 0 0 18px; min-width: 0; }
.summary .headline { font-size: clamp(1.08rem, 1rem + 0.55vw, 1.32rem); line-height: 1.4; font-weight: 620; letter-spacing: -0.005em; margin-bottom: 12px; text-wrap: pretty; }
.summary p, .about { max-width: 76ch; }
.summary ul { padding: 0; margin: 14px 0 0; list-style: none; border-top: 1px solid var(--line); }
.summary li { padding: 9px 0; border-bottom: 1px solid var(--line); display: grid; grid-template-columns: minmax(130px, 200px) 1fr; gap: 2px 18px; font-size: 0.93rem; }
.summary li:last-child { border-bottom: 0; padding-bottom: 0; }
.summary li b { font-weight: 600; }
.about, .note { color: var(--muted); font-size: 0.88rem; margin-bottom: 12px; }
.note { border-left: 3px solid var(--line); padding-left: 10px; margin-top: 12px; max-width: 76ch; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 12px; padding: 0; list-style: none; font-size: 0.86rem; }
.legend li { display: inline-flex; align-items: center; gap: 7px; }
.swatch { flex: none; display: inline-block; width: 11px; height: 11px; border-radius: 3px; background: var(--c); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
th .swatch, li > b > .swatch { margin-right: 3px; }
.swatch.line, .swatch.dashed { width: 20px; height: 0; border-radius: 0; background: none; border-top: 3px solid var(--c); }
.swatch.dashed { border-top-style: dashed; }
.panels { display: grid; gap: 22px 32px; grid-template-columns: minmax(0, 1fr); }
.panels.pairs { grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); }
.panels.grid { grid-template-columns: repeat(auto-fill, minmax(min(100%, 350px), 1fr)); }
figure { margin: 0; min-width: 0; break-inside: avoid; }
figcaption { margin: 0; }
.view { width: 100%; min-height: 40px; overflow: hidden; }
.view svg { display: block; max-width: 100%; }
.scroll { --edge: 22px; overflow-x: auto; overscroll-behavior-x: contain; margin: 0 calc(-1 * var(--edge)); scrollbar-width: thin; }
.view + .scroll, .panels + .scroll { margin-top: 18px; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.86rem; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 14px 7px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: baseline; overflow-wrap: normal; }
td.remark { white-space: normal; min-width: 18em; }
thead th { font-weight: 600; vertical-align: bottom; }
thead th > span { max-width: 180px; overflow: hidden; text-overflow: ellipsis; display: inline-block; vertical-align: bottom; }
th:first-child { text-align: left; font-weight: 500; position: sticky; left: 0; background: var(--surface); padding: 7px 18px 7px var(--edge); z-index: 1; }
th:last-child, td:last-child { padding-right: var(--edge); }
td.left { text-align: left; }
td.best { font-weight: 680; color: var(--accent); }
tr:last-child > * { border-bottom: 0; }
td.none, .unit { color: var(--muted); }
.stable { color: var(--good); } .backlogged { color: var(--warn); } .overloaded { color: var(--bad); } .ok { color: var(--good); } .inconclusive { color: var(--warn); } .off { color: var(--bad); font-weight: 600; } .refused { color: var(--muted); }
.matrix td.heat { text-align: center; padding: 5px 8px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.matrix td.unseen { box-shadow: inset 0 -3px 0 var(--a1); }
.matrix td.heat small { display: block; color: color-mix(in srgb, var(--ink) 78%, transparent); font-size: 0.82em; line-height: 1.2; }
.matrix thead th:not(:first-child), .matrix td.none { text-align: center; padding: 5px 8px; }
details { border-top: 1px solid var(--line); padding: 10px 0; }
details:last-child { padding-bottom: 0; }
summary { cursor: pointer; font-weight: 600; font-size: 0.93rem; padding: 2px 0; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
details > :not(summary) { margin-top: 10px; }
details h3 { margin: 14px 0 4px; }
details ul, details dl { margin: 0; padding-left: 20px; font-size: 0.91rem; }
dl { padding-left: 0 !important; } dt { font-weight: 600; } dd { margin: 0 0 8px; color: var(--muted); max-width: 80ch; }
.command { display: block; background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; overflow-x: auto; white-space: pre; overflow-wrap: normal; }
#tooltip { position: fixed; z-index: 9; pointer-events: none; visibility: hidden; max-width: min(320px, 90vw); background: var(--ink); color: var(--surface); border-radius: 8px; padding: 8px 11px; font-size: 12px; line-height: 1.45;
  box-shadow: 0 6px 24px rgb(0 0 0 / 22%); display: grid; grid-template-columns: auto auto; gap: 0 12px; font-variant-numeric: tabular-nums; }
#tooltip span:nth-child(odd) { opacity: 0.75; } #tooltip span:nth-child(even) { text-align: right; font-weight: 600; }
footer { color: var(--muted); font-size: 0.82rem; }
@media (max-width: 640px) {
  main { padding: 20px 12px 40px; }
  .card { padding: 16px 14px; border-radius: 10px; }
  .scroll { --edge: 14px; }
  th:first-child { max-width: 136px; min-width: 118px; white-space: normal; padding-right: 10px; }
  .summary li { grid-template-columns: 1fr; }
}
@page { margin: 14mm; }
@media print {
  html { font-size: 12px; }
  body { font-size: 11px; }
  .view svg { height: auto; }
  p, li { orphans: 3; widows: 3; }
  main { max-width: none; padding: 0; }
  .card { border: 0; padding: 0; margin-bottom: 20px; }
  .scroll { --edge: 0px; overflow: visible; }
  h1, h2, .about, .legend, figcaption, summary { break-after: avoid; }
  table { font-size: 8.5px; }
  td, th, th:first-child { white-space: normal; padding: 3px 6px 3px 0; }
  #tooltip { display: none; }
}
`;
