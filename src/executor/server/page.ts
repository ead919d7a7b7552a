/** The live page: asks /v1/status every second. With a token it is opened as /#token=…, which stays in the browser. */
export const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Corun</title><meta name="viewport" content="width=device-width">
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #767676; --good: #2a7d4f; --bad: #c33; font: 15px/1.5 system-ui, sans-serif }
@media (prefers-color-scheme: dark) { :root { --soft: #999; --good: #5cc28a; --bad: #f77 } }
body { max-width: 68rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; margin-bottom: 0 } h2 { font-size: 1.05rem; margin: 1.8rem 0 .3rem }
#state { color: var(--soft) } #state b { color: var(--good) } #state b.bad, #problem, .bad { color: var(--bad) } p { margin: .2rem 0 }
[hidden] { display: none !important }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem 0 .25rem 1rem; border-bottom: 1px solid var(--line) }
th { color: var(--soft); font-weight: normal; font-size: .9rem } td:first-child { font-weight: 600 }
.n { text-align: right; font-variant-numeric: tabular-nums } th:first-child, td:first-child { padding-left: 0 }
svg { display: block; width: 8rem; height: 1.5rem; overflow: visible } svg path { fill: none; stroke: currentColor; stroke-width: 1.5; vector-effect: non-scaling-stroke }
code { font-size: .9rem; overflow-wrap: anywhere } .how { color: var(--soft); margin-top: 2.2rem }
@media (max-width: 44rem) {
  table, tbody { display: block } tr:first-child { display: none }
  tr { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.2rem; padding: .5rem 0; border-bottom: 1px solid var(--line) }
  td { display: flex; justify-content: space-between; gap: .8rem; border: 0; padding: .1rem 0; text-align: right } td:first-child, td.wide { grid-column: 1 / -1; text-align: left }
  td:not(:first-child)::before { content: attr(data-title); color: var(--soft); text-align: left }
}
</style></head><body>
<h1>Corun</h1><p id="state">…</p><p id="problem" role="status"></p>
<h2>Apps</h2><table id="apps"></table>
<h2>Workers</h2><table id="workers"></table>
<h2>Accelerators</h2><table id="accelerators"></table>
<section id="stored" hidden><h2>Repository <small id="manager"></small></h2><table id="versions"></table></section>
<section id="watch" hidden><h2>Profile</h2><table id="profiles"></table></section>
<section id="jobs" hidden><h2>Retraining</h2><table id="retraining"></table><table id="compared"></table></section>
<p class="how">Ask: <code id="ask"></code><br>For programs: /metrics (Prometheus), /v1/status (JSON), /v2 (Open Inference Protocol)</p>
<script>
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const at = (id) => document.getElementById(id);
const number = (digits, unit = '') => (x) => (x === null ? '–' : x.toFixed(digits) + unit);
const percent = (x) => (x === null ? '–' : (100 * x).toFixed(1) + ' %');
const text = (x) => (x === null ? '–' : x);
const wide = (x) => text(x);
const clock = (s) => (s < 60 ? Math.floor(s) + ' s' : s < 3600 ? Math.floor(s / 60) + ' min ' + Math.floor(s % 60) + ' s' : Math.floor(s / 3600) + ' h ' + Math.floor((s % 3600) / 60) + ' min');
const SVG = 'http://www.w3.org/2000/svg';
const SPAN_S = 120;
/** The last two minutes as a line from 0 to their highest. */
function line(points) {
  const most = Math.max(...points.map(([, value]) => value), 1e-9);
  const svg = document.createElementNS(SVG, 'svg'), path = document.createElementNS(SVG, 'path'), title = document.createElementNS(SVG, 'title');
  svg.setAttribute('viewBox', '0 0 120 20'); svg.setAttribute('preserveAspectRatio', 'none'); svg.setAttribute('role', 'img');
  title.textContent = 'answers per second in the last two minutes, at most ' + most.toFixed(1);
  const end = points.length ? points[points.length - 1][0] : 0;
  path.setAttribute('d', points.map(([s, value], i) => (i ? 'L' : 'M') + (SPAN_S - (end - s)).toFixed(1) + ' ' + (19 - (18 * value) / most).toFixed(1)).join(''));
  svg.append(title, path);
  return svg;
}
function table(id, rows, columns) {
  const row = (cells, tag) => { const tr = document.createElement('tr'); cells.forEach((cell, i) => { const td = document.createElement(tag); td.append(cell); td.dataset.title = columns[i][1]; td.className = columns[i][2] === text || columns[i][2] === line ? '' : columns[i][2] === wide ? 'wide' : 'n'; tr.append(td); }); return tr; };
  at(id).replaceChildren(row(columns.map(([, title]) => title), 'th'), ...rows.map((one) => row(columns.map(([field, , shown]) => shown(one[field])), 'td')));
}
let before;
const rates = new Map();
async function draw() {
  try {
    const answer = await fetch('/v1/status', { headers: token ? { authorization: 'Bearer ' + token } : {} });
    if (answer.status === 401) throw new Error('this server wants a token: open /#token=…');
    const now = await answer.json();
    for (const app of now.apps) { const old = before?.apps.find((one) => one.app === app.app); app.rate = old ? (app.answered - old.answered) / (now.running_s - before.running_s || 1) : null; if (app.rate !== null) rates.set(app.app, [...(rates.get(app.app) ?? []), [now.running_s, app.rate]].filter(([s]) => s >= now.running_s - SPAN_S)); app.line = rates.get(app.app) ?? []; }
    for (const one of now.accelerators) { const old = before?.accelerators.find(({ name }) => name === one.name); one.share = old ? Math.min(100, 100 * (one.busy_s - old.busy_s) / (now.running_s - before.running_s || 1)) : null; }
    before = now;
    const ready = document.createElement('b'); ready.textContent = now.ready ? '● ready' : '○ not ready'; ready.className = now.ready ? '' : 'bad';
    at('state').replaceChildren(ready, ' · ' + now.in_system + (now.in_system === 1 ? ' image' : ' images') + ' in the system · running ' + clock(now.running_s));
    at('ask').textContent = 'curl --data-binary @photo.jpg' + (token ? ' -H "authorization: Bearer $TOKEN"' : '') + " '" + location.origin + '/v1/classify?model=' + encodeURIComponent(now.apps[0].app) + "'";
    table('apps', now.apps, [['app', 'app', text], ['rate', 'answers/s', number(1)], ['line', 'two minutes', line], ['answered', 'answered', number(0)], ['rejected', 'rejected', number(0)], ['failed', 'failed', number(0)], ['latency_p50_ms', 'median', number(1, ' ms')], ['latency_p95_ms', 'P95', number(1, ' ms')], ['labels', 'labels', number(0)], ['labelled_accuracy', 'right of them', percent]]);
    table('workers', now.workers, [['model', 'model', text], ['accelerator', 'on', text], ['state', 'state', text], ['version', 'version', number(0)], ['pid', 'process', number(0)], ['memory_mib', 'weights', number(1, ' MiB')]]);
    table('accelerators', now.accelerators, [['name', 'accelerator', text], ['active', 'active processes', number(0)], ['share', 'busy', number(0, ' %')]]);
    at('stored').hidden = now.repository === null;
    if (now.repository !== null) {
      const { url, manager_lost, free_mib, pulled, failed, corrupted, models } = now.repository;
      at('manager').textContent = url + (manager_lost ? ', lost' : '') + ', ' + pulled + ' pulled, ' + failed + ' failed, ' + corrupted + ' corrupted' + (free_mib === null ? '' : ', ' + free_mib.toFixed(1) + ' MiB free');
      table('versions', models, [['model', 'model', text], ['stored', 'stored', number(0)], ['newest', 'newest', number(0)], ['pulling', 'pulling', number(0)], ['size_mib', 'size', number(1, ' MiB')]]);
    }
    at('watch').hidden = now.profiles.length === 0;
    table('profiles', now.profiles, [['model', 'model', text], ['accelerator', 'on', text], ['factor', 'measured / predicted', number(2)], ['stale', 'what to do', wide]]);
    at('jobs').hidden = now.retraining.length === 0;
    table('retraining', now.retraining, [['model', 'model', text], ['state', 'state', text], ['epochs', 'epochs', number(2)], ['loss', 'loss', number(3)], ['loader_bound_share', 'waits for images', percent], ['deployed', 'deployed', number(0)], ['declined', 'declined', number(0)], ['swap_ms', 'put in place', number(1, ' ms')], ['pid', 'process', number(0)]]);
    at('compared').hidden = now.comparisons.length === 0;
    table('compared', now.comparisons, [['model', 'compared', text], ['at_s', 'at', number(0, ' s')], ['accuracy_before', 'in use', percent], ['accuracy_after', 'learnt', percent], ['images', 'held-out images', number(0)], ['outcome', 'outcome', text]]);
    at('problem').textContent = '';
  } catch (error) { at('problem').textContent = error.message === 'Failed to fetch' ? 'the server does not answer' : error.message; }
}
draw(); setInterval(draw, 1000);
</script></body></html>
`;
