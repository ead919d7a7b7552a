import { igniterPredict, type IgniterGpu, type IgniterModel } from '../../contention/igniter.js';
import { igniterPlan } from '../../policy/planners/igniter.js';
import { defineNumbers, type NumberRow } from '../number-set.js';
import { calibrationFile } from '../published-file.js';

interface Published {
  gpu: Omit<IgniterGpu, 'scheduling'> & { scheduling_ms_per_kernel: { per_workload: number; base: number }; share_unit_percent: number };
  models: Record<string, IgniterModel>;
  predictions: { rows: { vgg19_share_percent: number; vgg19: [number, number]; ssd: [number, number] }[] };
  plans: { rows: { model: string; slo_ms: number; rate_rps: number; share_percent: number; batch: number }[][] };
}

const shares = (plan: readonly { name: string; sharePercent: number; batch: number }[]): string =>
  [...plan].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, sharePercent, batch }) => `${name} ${sharePercent} % b${batch}`).join(', ');

export default defineNumbers({
  name: 'igniter',
  about: 'iGniter’s predictions for two models that share a V100, and the plans of its provisioning.',
  source: 'Xu et al., IEEE TPDS 34(3), 2023: the released program on its released data',
  fast: true,
  async run() {
    const { gpu: written, models, predictions, plans } = await calibrationFile<Published>('published/igniter-v100.yaml');
    const gpu: IgniterGpu = { ...written, scheduling: { per_workload_ms: written.scheduling_ms_per_kernel.per_workload, base_ms: written.scheduling_ms_per_kernel.base } };
    const rows: NumberRow[] = [];
    for (const { vgg19_share_percent: share, vgg19, ssd } of predictions.rows) {
      const ours = igniterPredict(gpu, [
        { model: models.vgg19, batch: 3, share_percent: share },
        { model: models.ssd, batch: 3, share_percent: 100 - share },
      ]);
      for (const [i, [name, at, [ms, perSecond]]] of ([['VGG-19', share, vgg19], ['SSD', 100 - share, ssd]] as const).entries()) {
        rows.push({ what: `${name} at ${at} %, latency`, published: ms, ours: ours[i].latencyMs, unit: 'ms', within: { share: 0.005 } });
        rows.push({ what: `${name} at ${at} %, throughput`, published: perSecond, ours: ours[i].throughputRps, unit: '/s', within: { share: 0.005 } });
      }
    }
    for (const plan of plans.rows) {
      const demands = plan.map(({ model, slo_ms, rate_rps }) => ({ name: model, model: models[model], sloMs: slo_ms, rateRps: rate_rps }));
      const found = igniterPlan(gpu, demands, { unitPercent: written.share_unit_percent, mostBatch: 32 });
      rows.push({
        what: `plan for ${demands.map(({ name, sloMs, rateRps }) => `${name} ${sloMs} ms ${rateRps} /s`).join(', ')}`,
        published: shares(plan.map(({ model, share_percent, batch }) => ({ name: model, sharePercent: share_percent, batch }))),
        ours: found.map(shares).join(' \\| '),
        within: 0,
      });
    }
    rows.push({ what: 'cost against the state of the art', published: 'up to −25 %', ours: undefined, because: 'the workloads and rates behind it are not published' });
    return rows;
  },
});
