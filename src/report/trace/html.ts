import type { Description } from '../../trace/describe.js';
import { documentHtml, section } from '../page/document.js';
import { escapeHtml } from '../page/escape.js';
import { traceCharts } from './charts.js';
import { duration, facts } from './text.js';

/** One self-contained page about a stream of requests. @param name of the stream, as the user wrote it */
export function traceHtml(name: string, description: Description): Promise<string> {
  const charts = traceCharts(description);
  const rows = facts(description).map(([label, text]) => `<li><b>${escapeHtml(label)}</b><span>${escapeHtml(text)}</span></li>`);
  return documentHtml({
    title: name.split('/').at(-1)!,
    facts: [`${description.requests.toLocaleString('en')} requests`, duration(description.duration_s)],
    main: `<section class="card summary" aria-label="In numbers"><ul>${rows.join('')}</ul></section>\n${charts.map(section).join('\n')}`,
    charts,
    names: {},
    madeFrom: name,
  });
}
