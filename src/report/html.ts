import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Comparison, Detail } from '../experiment/result.js';
import { charts } from './charts/charts.js';
import { config, type Chart, type Panel, type Rows } from './charts/chart.js';
import { alternativeToken, colours, dark, light, nameToken } from './charts/theme.js';
import { embedJson, embedScript, escapeHtml } from './page/escape.js';
import { script } from './page/script.js';
import { style } from './page/style.js';
import { appTables, differencesTable, metricsTable } from './page/tables.js';
import { summarise } from './sentences.js';

const variable = (token: string): string => `var(--${token.slice(1)})`;
const swatchOf = (token: string, mark: string): string => `<span class="swatch ${mark}" style="--c: ${variable(token)}"></span>`;
const swatch = (index: number): string => swatchOf(alternativeToken(index), 'block');

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

function section(chart: Chart): string {
  const legend = chart.legend.map((e) => `<li>${swatchOf(e.colour, e.mark)}${escapeHtml(e.label)}</li>`).join('');
  return `<section class="card" aria-labelledby="title-${chart.id}">
<h2 id="title-${chart.id}">${escapeHtml(chart.title)}</h2>
<p class="about">${escapeHtml(chart.about)}</p>
${legend === '' ? '' : `<ul class="legend">${legend}</ul>`}
<div class="panels ${chart.layout}">${chart.panels.map((p, i) => figure(chart, p, i)).join('\n')}</div>
${chart.note === undefined ? '' : `<p class="note">${escapeHtml(chart.note)}</p>`}
</section>`;
}

function summary(comparison: Comparison): string {
  const { headline, details, notes } = summarise(comparison);
  const position = (name: string): number => comparison.alternatives.findIndex((a) => a.name === name);
  const items = notes.map(
    ({ name, text }) =>
      `<li><b>${swatch(position(name))} ${escapeHtml(name)}</b><span>${escapeHtml(text)}${text.endsWith('.') ? '' : '.'}</span></li>`,
  );
  return `<section class="card summary" aria-label="Summary">
<p class="headline">${escapeHtml(headline)}</p>
${details.map((d) => `<p>${escapeHtml(d)}</p>`).join('\n')}
${items.length === 0 ? '' : `<ul>${items.join('\n')}</ul>`}
</section>`;
}

const definitions: [string, string][] = [
  [
    '±',
    'Half the width of the 95 % interval of the mean over replications: how far the simulation may be off because it ran a limited number of times.',
  ],
  [
    'Interval with the fit',
    'Adds what is not known about the contention model itself. It does not shrink with more replications, only with more measurements.',
  ],
  [
    'Paired difference',
    'Within a replication all alternatives get the same requests and the same draws of service time, so chance cancels out of their difference.',
  ],
  [
    'Holm-corrected p-value',
    'The chance to see a difference at least this large if there were none, corrected for the number of differences that were looked at.',
  ],
  [
    'Probability of having the best mean',
    'Given the replications, how likely each alternative is the best on the primary metric. It does not include errors of the model.',
  ],
  [
    'Verdict',
    'Stable: it keeps up. Backlogged: the backlog is not shown to keep growing, but some requests were never answered, or more than usual were waiting at the end and took longer to clear than the longest SLO. Overloaded: the backlog grows, so values depend on the length of the run. Refused: nothing was predicted, for the reason given.',
  ],
  ['Latency', 'From the birth of a request to its answer, at the client; of answered requests.'],
  [
    'Goodput and SLO attainment',
    'Requests answered within their latency objective, per second and as a share of all. Rejected, failed and unfinished requests miss it.',
  ],
];

function shellWord(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function background(comparison: Comparison): string {
  const items = (list: string[]): string => `<ul>${list.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
  const profiles = comparison.profiles.map(
    (p) =>
      `<details><summary>Profile ${escapeHtml(p.name)}: where its numbers come from</summary>${
        p.source.length === 0 ? '<p>No source is stated.</p>' : `<h3>Sources</h3>${items(p.source)}`
      }${p.assumptions.length === 0 ? '' : `<h3>Assumptions</h3>${items(p.assumptions)}`}</details>`,
  );
  const command = `${comparison.command ?? `corun compare ${shellWord(comparison.scenario)} --set ${shellWord(`seed=${comparison.seed}`)}`} --out report`;
  const apps = appTables(comparison, swatch);
  const pairs = differencesTable(comparison);
  return `<section class="card" aria-labelledby="title-background">
<h2 id="title-background">Behind the numbers</h2>
${pairs === '' ? '' : `<details><summary>All paired differences</summary>${pairs}</details>`}
${apps === '' ? '' : `<details><summary>Metrics by app</summary><div>${apps}</div></details>`}
${profiles.join('\n')}
<details><summary>How to read this report</summary><dl>${definitions.map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl></details>
<details open><summary>Run it again</summary><div><p>The same scenario and seed give the same bytes:</p><code class="command">${escapeHtml(command)}</code></div></details>
</section>`;
}

/**
 * One self-contained page: it loads nothing, and its content security policy keeps it that way. The charts are compiled from
 * vega-lite to Vega here, so that only Vega travels with the page.
 */
export async function reportHtml(comparison: Comparison, detail: Detail): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import('vega-lite'), vegaSource()]);
  const all = charts(comparison, detail);
  const data: Record<string, Rows> = {};
  const drawings = all.flatMap((chart) =>
    chart.panels.map((panel, i) => {
      Object.assign(data, panel.data);
      const spec = compile({ ...panel.spec, description: panel.alt } as unknown as Parameters<typeof compile>[0], { config }).spec;
      // The page reads no schema, and is to name no address.
      delete spec.$schema;
      return { id: panelId(chart, i), spec };
    }),
  );
  const names = Object.fromEntries(comparison.alternatives.map(({ name }, i) => [nameToken(i), name]));
  const title = comparison.title ?? comparison.scenario;
  const { replications } = comparison;
  const facts = [
    comparison.scenario,
    `seed ${comparison.seed}`,
    `${replications} ${replications === 1 ? 'replication' : 'replications'}`,
    ...(comparison.warm_up_s === undefined || comparison.warm_up_s === 0 ? [] : [`first ${comparison.warm_up_s} s cut as warm-up`]),
  ];
  const [first, ...rest] = all;
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
${summary(comparison)}
${section(first)}
<section class="card" aria-labelledby="title-metrics">
<h2 id="title-metrics">All metrics</h2>
<p class="about">Means ± half the width of the 95 % interval; the best value of a row is set in bold.</p>
${metricsTable(comparison, swatch)}
</section>
${rest.map(section).join('\n')}
${background(comparison)}
<footer>Made by corun from ${escapeHtml(comparison.schema)}. Charts: Vega and Vega-Lite.</footer>
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
