// MDInference's sweep: 10,000 requests at each of 51 SLAs on the Artificial network, as a CSV: npm run build && node scripts/mdinference-sweep.mjs [POLICY]
// POLICY is an alternative of scenarios/systems/mdinference-artificial.yaml, mdinference if left out. How long it took is said on stderr.
import { metricsOf } from '../dist/experiment/metrics.js';
import { replicate } from '../dist/experiment/replication.js';
import { loadScenario } from '../dist/scenario/load.js';
import { resolveAlternatives } from '../dist/scenario/resolve.js';

const REQUESTS = 10_000;
const wanted = process.argv[2] ?? 'mdinference';
const alternatives = await resolveAlternatives(await loadScenario('scenarios/systems/mdinference-artificial.yaml', [`workload.0.clients.requests=${REQUESTS}`]));
const alternative = alternatives.find(({ name }) => name === wanted);
if (alternative === undefined) throw new Error(`no alternative ${wanted}; there are ${alternatives.map(({ name }) => name).join(', ')}`);

const began = performance.now();
process.stdout.write('sla_ms,latency_mean_ms,accuracy,slo_attainment\n');
for (let sla = 0; sla <= 500; sla += 10) {
  const at = { ...alternative, scenario: { ...alternative.scenario, workload: [{ ...alternative.scenario.workload[0], slo_ms: sla }] } };
  const { measured } = await replicate({ alternative: at, replication: 0, warmUpMs: 0 });
  const { latency_mean_ms, accuracy, slo_attainment } = metricsOf(measured, at);
  process.stdout.write(`${sla},${latency_mean_ms.toFixed(3)},${accuracy.toFixed(5)},${slo_attainment}\n`);
}
process.stderr.write(`51 × ${REQUESTS} requests in ${((performance.now() - began) / 1000).toFixed(2)} s\n`);
