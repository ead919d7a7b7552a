import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { config, type Chart, type Panel, type Rows } from '../charts/chart.js';
import { alternativeToken, colours, dark, light } from '../charts/theme.js';
import { embedJson, embedScript, escapeHtml } from './escape.js';
import { script } from './script.js';
import { style } from './style.js';

const variable = (token: string): string => `var(--${token.slice(1)})`;

/** A spot of the colour that this token stands for. */
export const swatchOf = (token: string, mark: string): string => `<span class="swatch ${mark}" style="--c: ${variable(token)}"></span>`;

/** The colour of the alternative at this position. */
export const swatch = (index: number): string => swatchOf(alternativeToken(index), 'block');

/** Vega's minified build. It is not among the package's exports, so it is found beside the one that is. */
async function vegaSource(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('vega');
  return embedScript(await readFile(join(dirname(entry), 'vega.min.js'), 'utf8'));
}

function panelId(chart: Chart, i: number): string {
  return `chart-${chart.id}-${i}`;
}

function figure(chart: Chart, panel: Panel, i: number): string {
  const title =
    panel.title === undefined
      ? ''
      : `<figcaption><h3>${panel.alternative === undefined ? '' : swatch(panel.alternative)}${escapeHtml(panel.title)}</h3></figcaption>`;
  return `<figure>${title}<div class="view" id="${panelId(chart, i)}"></div></figure>`;
}

/** The card of one chart. */
export function section(chart: Chart): string {
  const legend = chart.legend.map((e) => `<li>${swatchOf(e.colour, e.mark)}${escapeHtml(e.label)}</li>`).join('');
  return `<section class="card" aria-labelledby="title-${chart.id}">
<h2 id="title-${chart.id}">${escapeHtml(chart.title)}</h2>
<p class="about">${escapeHtml(chart.about)}</p>
${legend === '' ? '' : `<ul class="legend">${legend}</ul>`}
<div class="panels ${chart.layout}">${chart.panels.map((p, i) => figure(chart, p, i)).join('\n')}</div>
${chart.note === undefined ? '' : `<p class="note">${escapeHtml(chart.note)}</p>`}
</section>`;
}

export interface PageParts {
  title: string;
  facts: readonly string[];
  /** Everything between the head of the page and its foot, with a `section` for each chart. */
  main: string;
  /** All charts that have a section in `main`. */
  charts: readonly Chart[];
  /** What a token stands for in tooltips. */
  names: Record<string, string>;
  /** What it was made from. */
  madeFrom: string;
}

/**
 * One self-contained page: it loads nothing, and its content security policy keeps it that way. The charts are compiled from
 * vega-lite to Vega here, so that only Vega travels with the page.
 */
export async function documentHtml({ title, facts, main, charts, names, madeFrom }: PageParts): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import('vega-lite'), vegaSource()]);
  const data: Record<string, Rows> = {};
  const drawings = charts.flatMap((chart) =>
    chart.panels.map((panel, i) => {
      Object.assign(data, panel.data);
      const spec = compile({ ...panel.spec, description: panel.alt } as unknown as Parameters<typeof compile>[0], { config }).spec;
      // The page reads no schema, and is to name no address.
      delete spec.$schema;
      return { id: panelId(chart, i), spec };
    }),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} – Corun</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(title)}</h1>
<div class="facts">${facts.map((f) => `<span>${escapeHtml(f)}</span>`).join('')}</div>
</header>
${main}
<footer>Made by corun from ${escapeHtml(madeFrom)}. Charts: Vega and Vega-Lite.</footer>
</main>
<div id="tooltip" role="status" aria-live="polite"></div>
<noscript><p>The charts need JavaScript; the tables do not.</p></noscript>
<script type="application/json" id="data">${embedJson({ themes: { light: colours(light), dark: colours(dark) }, names, charts: drawings, data })}</script>
<script>${vega}</script>
<script>${embedScript(script)}</script>
</body>
</html>
`;
}
