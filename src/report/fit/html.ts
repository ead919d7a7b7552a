import { documentHtml, section } from '../page/document.js';
import { escapeHtml } from '../page/escape.js';
import { curveChart } from './curve.js';
import type { FitPage } from './input.js';
import { slowdownMatrix } from './matrix.js';
import { memoryChart } from './memory.js';
import { partsTable } from './parts.js';
import { residualsChart } from './residuals.js';
import { scoresChart, scoresTable } from './scores.js';
import { fitSentences } from './sentences.js';

const definitions: [string, string][] = [
  ['Group', 'Rows that are equal in everything but run, process, times and measurements. Its median is what is predicted and scored.'],
  ['Leave one group out', 'The model is fitted without the group, then asked for it. Groups without neighbours calibrate it and are not scored.'],
  ['More neighbours than seen', 'The model is fitted to groups with few neighbours and asked for those with more: the question that a capacity plan asks.'],
  ['Skill', '1 − error / error of the nearest measured group. 0 is no better than looking it up, 1 is perfect, below 0 is worse than looking it up.'],
  ['95 % interval', 'Where the median of such a group is expected: the uncertainty of the parameters, and how far the model has been off where it could be checked.'],
  ['Slowdown', 'Time beside neighbours over time alone. The neighbours are always busy.'],
];

function background(page: FitPage): string {
  const identify =
    page.notIdentifiable.length === 0
      ? ''
      : `<details open><summary>What these data cannot tell</summary><dl>${page.notIdentifiable.map(({ model, needs }) => `<dt>${escapeHtml(model)}</dt><dd>${escapeHtml(needs)}</dd>`).join('')}</dl></details>`;
  return `<section class="card" aria-labelledby="title-background">
<h2 id="title-background">Behind the numbers</h2>
${identify}
<details><summary>How to read this page</summary><dl>${definitions.map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl></details>
</section>`;
}

/** The page of a fit: slowdowns, curves over observations, residuals, memory and scores, self-contained as the report of a comparison is. */
export async function fitHtml(page: FitPage): Promise<string> {
  const { headline, details } = fitSentences(page);
  const memory = memoryChart(page);
  const [curve, residuals, scores] = [curveChart(page), residualsChart(page), scoresChart(page)];
  const groups = new Set(page.groups.map((g) => `${g.set} ${g.name}`)).size;
  return documentHtml({
    title: 'Contention fit',
    facts: [
      `fitted: ${page.files.join(', ')}`,
      ...(page.testFiles.length === 0 ? [] : [`tested: ${page.testFiles.join(', ')}`]),
      `${page.rows} rows in ${groups} ${groups === 1 ? 'group' : 'groups'}`,
    ],
    main: `<section class="card summary" aria-label="Summary">
<p class="headline">${escapeHtml(headline)}</p>
${details.map((d) => `<p>${escapeHtml(d)}</p>`).join('\n')}
</section>
${section(curve)}
${slowdownMatrix(page)}
${section(residuals)}
${section(scores).replace('</section>', `${scoresTable(page)}\n</section>`)}
${memory === undefined ? '' : section(memory)}
${partsTable(page)}
${background(page)}`,
    charts: [curve, residuals, scores, ...(memory === undefined ? [] : [memory])],
    names: {},
    madeFrom: page.files.join(', '),
  });
}
