import type { Comparison, Detail } from '../experiment/result.js';
import { charts } from './charts/charts.js';
import { nameToken } from './charts/theme.js';
import { documentHtml, section, swatch } from './page/document.js';
import { escapeHtml } from './page/escape.js';
import { appTables, differencesTable, metricsTable } from './page/tables.js';
import { summarise } from './sentences.js';

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

/** The report of a comparison: one self-contained page. */
export async function reportHtml(comparison: Comparison, detail: Detail): Promise<string> {
  const all = charts(comparison, detail);
  const { replications } = comparison;
  const [first, ...rest] = all;
  return documentHtml({
    title: comparison.title ?? comparison.scenario,
    facts: [
      comparison.scenario,
      `seed ${comparison.seed}`,
      `${replications} ${replications === 1 ? 'replication' : 'replications'}`,
      ...(comparison.warm_up_s === undefined || comparison.warm_up_s === 0 ? [] : [`first ${comparison.warm_up_s} s cut as warm-up`]),
    ],
    main: `${summary(comparison)}
${section(first)}
<section class="card" aria-labelledby="title-metrics">
<h2 id="title-metrics">All metrics</h2>
<p class="about">Means ± half the width of the 95 % interval; the best value of a row is set in bold.</p>
${metricsTable(comparison, swatch)}
</section>
${rest.map(section).join('\n')}
${background(comparison)}`,
    charts: all,
    names: Object.fromEntries(comparison.alternatives.map(({ name }, i) => [nameToken(i), name])),
    madeFrom: comparison.schema,
  });
}
