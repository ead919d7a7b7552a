import { escapeHtml } from '../page/escape.js';
import type { FitPage } from './input.js';

const ms = (value: number | undefined): string => (value === undefined ? '–' : String(Number(value.toPrecision(3))));

/** What the time alone of each model and batch consists of, where the parts were told apart; nothing where they were not. */
export function partsTable({ groups }: FitPage): string {
  const rows = groups.filter(({ set, solo, workload, parts }) => set === 'fit' && solo && workload === 'inference' && parts !== undefined);
  if (rows.length === 0) return '';
  const cells = rows.map(({ model, observedMs, parts = {} }) => `<tr><th scope="row">${escapeHtml(model)}</th>${[observedMs, parts.decodeMs, parts.uploadMs, parts.readbackMs].map((value) => `<td>${ms(value)}</td>`).join('')}</tr>`);
  return `<section class="card" aria-labelledby="title-parts">
<h2 id="title-parts">What the time alone consists of</h2>
<p>Medians in ms. A part that a backend does later, together with computing, cannot be told apart.</p>
<div class="scroll" role="region" aria-label="Parts of the time alone" tabindex="0"><table><thead><tr><th scope="col">model</th><th scope="col">alone</th><th scope="col">decoding</th><th scope="col">upload</th><th scope="col">reading back</th></tr></thead><tbody>${cells.join('')}</tbody></table></div>
</section>`;
}
