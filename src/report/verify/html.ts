import type { Verification, VerificationDetail, VerifiedAlternative, VerifiedMetric } from '../../experiment/verify/result.js';
import { metricStyle } from '../metric.js';
import { documentHtml, section } from '../page/document.js';
import { escapeHtml } from '../page/escape.js';
import { distributionsChart } from './distributions.js';
import { decisionSentences, errorText, headline, loadSentence, predictedText, realText, valueText } from './sentences.js';

const definitions: [string, string][] = [
  ['Real', 'The median of the real runs, and in brackets their quartiles. All runs see the same requests at the same times, so what they differ in is the machine’s doing.'],
  ['Predicted', 'The mean of the simulated runs of the same requests, and in brackets its 95 % interval: with the uncertainty of the fit where the profile states one, else Monte-Carlo error alone.'],
  ['Error', 'Predicted less real, in percent of the real median; in percentage points where the metric is a share.'],
  ['Verdict', 'ok: within what is allowed. off: beyond it. inconclusive: the quartiles of the real runs lie further apart than the noise cap, or one side has no value. A metric without a tolerance is shown and not judged.'],
  ['At that speed', 'The same prediction with all times of the profile longer or shorter by one factor, so that an image alone takes what it took before the traffic of the real runs. What of the error goes with it is the machine’s, not the model’s.'],
  ['No contention', 'The same simulation on accelerators where neighbours cost nothing.'],
  ['Looked up', 'The measured times of the profile with every worker busy all the time, without simulating: nobody waits for another.'],
  ['Load-equivalent error', 'How much more or less load a simulation needs until its P95 is the real one. Near saturation an error of the latency says little: one percent of load may double it.'],
  ['Kendall’s τ', 'How alike the real and the simulated ranking are, from −1 to 1; alternatives whose intervals overlap count as tied.'],
  ['Regret', 'What is lost, in reality, by choosing the alternative that the simulation says is best.'],
];

const cell = (text: string, kind?: string): string => `<td${kind === undefined ? '' : ` class="${kind}"`}>${escapeHtml(text)}</td>`;

function row([name, metric]: [string, VerifiedMetric], hasSpeed: boolean): string {
  const style = metricStyle(name);
  const { error_percent: error, tolerance_percent: tolerance, verdict, at_speed: atSpeed, naive } = metric;
  const simpler = (value: number | undefined): string => (value === undefined ? cell('–', 'none') : cell(valueText(value, style)));
  return `<tr><th scope="row" title="${escapeHtml(name)}">${escapeHtml(style.title)}${style.unit === '' ? '' : ` <span class="unit">${escapeHtml(style.unit)}</span>`}</th>${cell(realText(metric, style))}${cell(predictedText(metric, style))}${
    error === undefined ? cell('–', 'none') : cell(errorText(name, error))
  }${cell(tolerance === undefined ? '' : `± ${tolerance}`)}${cell(verdict ?? '', verdict)}${hasSpeed ? simpler(atSpeed) : ''}${simpler(naive.no_contention)}${simpler(naive.looked_up)}</tr>`;
}

function table(alternative: VerifiedAlternative, hasSpeed: boolean): string {
  const { name, verdict, refused, runs } = alternative;
  const told = refused === undefined ? `${runs} real ${runs === 1 ? 'run' : 'runs'}` : refused;
  const head = ['', 'real', 'predicted', 'error', 'allowed', 'verdict', ...(hasSpeed ? ['at that speed'] : []), 'no contention', 'looked up'].map((text) => `<th scope="col">${text}</th>`).join('');
  const rows = Object.entries(alternative.metrics).map((entry) => row(entry, hasSpeed)).join('\n');
  return `<h3>${escapeHtml(name)} <span class="${verdict}">${verdict}</span> <span class="unit">${escapeHtml(told)}</span></h3>${
    rows === '' ? '' : `<div class="scroll" role="region" aria-label="${escapeHtml(`Metrics of ${name}`)}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`
  }`;
}

/** The page of a verification, self-contained as the report of a comparison is. */
export async function verificationHtml(verification: Verification, detail: VerificationDetail): Promise<string> {
  const { title, scenario, seed, backend, profiles, runs, replications, alternatives, machine, notes, command } = verification;
  const chart = distributionsChart(detail);
  const sentences = [...alternatives.flatMap((alternative) => loadSentence(alternative) ?? []), ...decisionSentences(verification), ...notes];
  return documentHtml({
    title: `Verified: ${title ?? scenario}`,
    facts: [scenario, `seed ${seed}`, `${profiles.join(', ')} against ${backend}`, `${runs} real and ${replications} simulated ${replications === 1 ? 'run' : 'runs'}`, `${machine.processor}, ${machine.processors} processors, Node ${machine.node}`],
    main: `<section class="card summary" aria-label="Summary">
<p class="headline">${escapeHtml(headline(verification))}</p>
${sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}
</section>
${section(chart)}
<section class="card" aria-labelledby="title-metrics">
<h2 id="title-metrics">All metrics</h2>
${alternatives.map((alternative) => table(alternative, verification.speed !== undefined)).join('\n')}
</section>
<section class="card" aria-labelledby="title-background">
<h2 id="title-background">Behind the numbers</h2>
<details><summary>How to read this page</summary><dl>${definitions.map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl></details>
<details open><summary>Run it again</summary><div><p>The real runs differ each time, by what the spread says:</p><code class="command">${escapeHtml(command)} --out report</code></div></details>
</section>`,
    charts: [chart],
    names: {},
    madeFrom: verification.schema,
  });
}
