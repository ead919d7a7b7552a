/** The live page: asks /v1/status every second. With a token it is opened as /#token=…, which stays in the browser. */
export const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Corun</title><meta name="viewport" content="width=device-width">
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 68rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #8884 }
.n { text-align: right; font-variant-numeric: tabular-nums } #problem { color: #c33 }
@media (max-width: 44rem) { table { display: block; overflow-x: auto } th, td { white-space: nowrap } }
</style></head><body>
<h1>Corun <small id="state">…</small></h1><p id="problem" role="status"></p>
<h2>Apps</h2><table id="apps"></table>
<h2>Workers</h2><table id="workers"></table>
<h2>Accelerators</h2><table id="accelerators"></table>
<section id="watch" hidden><h2>Profile</h2><table id="profiles"></table></section>
<section id="jobs" hidden><h2>Retraining</h2><table id="retraining"></table><table id="compared"></table></section>
<script>
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const at = (id) => document.getElementById(id);
const number = (digits, unit = '') => (x) => (x === null ? '–' : x.toFixed(digits) + unit);
const percent = (x) => (x === null ? '–' : (100 * x).toFixed(1) + ' %');
const text = (x) => (x === null ? '–' : x);
function table(id, rows, columns) {
  const row = (cells, tag) => { const tr = document.createElement('tr'); cells.forEach((cell, i) => { const td = document.createElement(tag); td.textContent = cell; if (columns[i][2] !== text) td.className = 'n'; tr.append(td); }); return tr; };
  at(id).replaceChildren(row(columns.map(([, title]) => title), 'th'), ...rows.map((one) => row(columns.map(([field, , shown]) => shown(one[field])), 'td')));
}
let before;
async function draw() {
  try {
    const answer = await fetch('/v1/status', { headers: token ? { authorization: 'Bearer ' + token } : {} });
    if (answer.status === 401) throw new Error('this server wants a token: open /#token=…');
    const now = await answer.json();
    for (const app of now.apps) { const old = before?.apps.find((one) => one.app === app.app); app.rate = old ? (app.answered - old.answered) / (now.running_s - before.running_s || 1) : null; }
    for (const one of now.accelerators) { const old = before?.accelerators.find(({ name }) => name === one.name); one.share = old ? Math.min(100, 100 * (one.busy_s - old.busy_s) / (now.running_s - before.running_s || 1)) : null; }
    before = now;
    at('state').textContent = (now.ready ? 'ready' : 'not ready') + ', ' + now.in_system + ' images in the system, running ' + Math.round(now.running_s) + ' s';
    table('apps', now.apps, [['app', 'app', text], ['rate', 'answers/s', number(1)], ['answered', 'answered', number(0)], ['rejected', 'rejected', number(0)], ['failed', 'failed', number(0)], ['latency_p50_ms', 'median', number(1, ' ms')], ['latency_p95_ms', '95th percentile', number(1, ' ms')], ['labels', 'labels', number(0)], ['labelled_accuracy', 'right of them', percent]]);
    table('workers', now.workers, [['model', 'model', text], ['accelerator', 'on', text], ['state', 'state', text], ['pid', 'process', number(0)], ['memory_mib', 'weights', number(1, ' MiB')]]);
    table('accelerators', now.accelerators, [['name', 'accelerator', text], ['active', 'active processes', number(0)], ['share', 'busy', number(0, ' %')]]);
    at('watch').hidden = now.profiles.length === 0;
    table('profiles', now.profiles, [['accelerator', 'accelerator', text], ['model', 'model', text], ['factor', 'measured / predicted', number(2)], ['stale', 'stale', text]]);
    at('jobs').hidden = now.retraining.length === 0;
    table('retraining', now.retraining, [['model', 'model', text], ['state', 'state', text], ['epochs', 'epochs', number(2)], ['loss', 'loss', number(3)], ['loader_bound_share', 'waits for images', percent], ['deployed', 'deployed', number(0)], ['declined', 'declined', number(0)], ['swap_ms', 'put in place', number(1, ' ms')], ['pid', 'process', number(0)]]);
    table('compared', now.comparisons, [['model', 'compared', text], ['at_s', 'at', number(0, ' s')], ['accuracy_before', 'in use', percent], ['accuracy_after', 'learnt', percent], ['images', 'held-out images', number(0)], ['outcome', 'outcome', text]]);
    at('problem').textContent = '';
  } catch (error) { at('problem').textContent = error.message === 'Failed to fetch' ? 'the server does not answer' : error.message; }
}
draw(); setInterval(draw, 1000);
</script></body></html>
`;
