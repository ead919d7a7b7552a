import { escapeHtml } from '../page/escape.js';
import { curves, soloMs, type FitGroup, type FitPage } from './input.js';

/** Share of colour in the cell with the largest slowdown. */
const STRONGEST = 0.55;

const ratio = (value: number): string => value.toFixed(value < 99.5 ? 2 : 0);

function cell(group: FitGroup | undefined, solo: number | undefined, most: number): string {
  if (group === undefined || solo === undefined) return '<td class="none">–</td>';
  const slowdown = group.observedMs / solo;
  const strength = most > 1 ? Math.max(0, Math.log(slowdown) / Math.log(most)) * STRONGEST : 0;
  const shade = `color-mix(in srgb, var(--${group.workload === 'training' ? 'training' : 'inference'}) ${(strength * 100).toFixed(0)}%, transparent)`;
  const predicted = ratio(group.predictedMs / solo);
  return `<td class="heat${group.set === 'test' ? ' unseen' : ''}" style="background: ${shade}" title="${escapeHtml(`${group.name}: observed ${ratio(slowdown)}, predicted ${predicted}`)}">${ratio(slowdown)}<small>${predicted}</small></td>`;
}

/** Groups with the same number of jobs, such as a fitted and a tested one, stand below each other. */
function lines(groups: readonly FitGroup[]): FitGroup[][] {
  const out: FitGroup[][] = [];
  for (const g of groups) {
    const free = out.find((line) => !line.some((other) => other.inferenceJobs === g.inferenceJobs));
    if (free === undefined) out.push([g]);
    else free.push(g);
  }
  return out;
}

/**
 * Slowdowns (median over the median alone) by who runs and how many inference jobs there are: observed, and predicted below it. Empty
 * where nothing was measured alone.
 */
export function slowdownMatrix(page: FitPage): string {
  const rows = curves(page.groups).filter(([, groups]) => soloMs(page.groups, groups[0]) !== undefined);
  if (rows.length === 0) return '';
  const columns = [...new Set(rows.flatMap(([, groups]) => groups.map((g) => g.inferenceJobs)))].sort((a, b) => a - b);
  const most = Math.max(...rows.flatMap(([, groups]) => groups.map((g) => g.observedMs / soloMs(page.groups, g)!)));
  const body = rows.flatMap(([name, groups]) =>
    lines(groups).map((line) => {
      const cells = columns.map((n) => {
        const group = line.find((g) => g.inferenceJobs === n);
        return cell(group, group && soloMs(page.groups, group), most);
      });
      return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.join('')}</tr>`;
    }),
  );
  const heads = ['<th scope="col">inference jobs</th>', ...columns.map((n) => `<th scope="col">${n}</th>`)].join('');
  return `<section class="card" aria-labelledby="title-matrix">
<h2 id="title-matrix">Slowdowns</h2>
<p class="about">Co-run time over the time alone: observed, and below it predicted. The stronger the colour, the slower.${rows.some(([, groups]) => groups.some((g) => g.set === 'test')) ? ' An underlined group was never seen by the fit.' : ''}</p>
<div class="scroll" role="region" aria-label="Slowdowns" tabindex="0"><table class="matrix"><thead><tr>${heads}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>
</section>`;
}
