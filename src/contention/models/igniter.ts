import { Type } from '@sinclair/typebox';
import { defineContention } from '../contract.js';
import { igniterPredict, type IgniterWorkload } from '../igniter.js';

const closed = { additionalProperties: false } as const;
const positive = (description: string) => Type.Number({ exclusiveMinimum: 0, description });
const notNegative = (description: string) => Type.Number({ minimum: 0, description });
const linear = (description: string) => Type.Object({ slope: Type.Number(), intercept: Type.Number() }, { ...closed, description });

const Gpu = Type.Object(
  {
    clock_mhz: positive('clock below the power cap, F'),
    power_cap_w: positive('power at which the clock begins to fall'),
    idle_power_w: notNegative('power without work'),
    pcie_bytes_per_ms: positive('bandwidth between host and GPU'),
    clock_mhz_per_w: Type.Number({ maximum: 0, description: 'fall of the clock per W beyond the cap; 0 where the cap is never reached' }),
    scheduling: Type.Object(
      { per_workload_ms: Type.Number(), base_ms: Type.Number() },
      { ...closed, description: 'delay of each kernel beside p ≥ 2 workloads: per_workload_ms × p + base_ms' },
    ),
  },
  closed,
);

const Model = Type.Object(
  {
    share_percent: Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'share of the processors that each of its processes has' }),
    batch: Type.Integer({ minimum: 1, description: 'batch for which the slowdown is taken' }),
    kernels: notNegative('kernels of one inference'),
    idle_ms: notNegative('time of the kernel scheduler, alone'),
    load_bytes: notNegative('input of one image'),
    feedback_bytes: notNegative('output of one image'),
    active_ms: Type.Object(
      { k1: Type.Number(), k2: Type.Number(), k3: Type.Number(), k4: Type.Number(), k5: Type.Number() },
      { ...closed, description: 'coefficients of the active time (k1 b² + k2 b + k3) / (share + k4) + k5, the share in percent' },
    ),
    power_w: linear('power over images per second of active time'),
    l2_percent: linear('L2 utilisation over images per second of active time'),
    l2_sensitivity: Type.Number({ description: 'relative growth of the active time per percent of L2 that neighbours use' }),
  },
  closed,
);

const Parameters = Type.Object(
  {
    model: Type.Literal('igniter'),
    gpu: Gpu,
    models: Type.Record(Type.String({ minLength: 1 }), Model, { description: 'by inference model: its share, its batch and its coefficients' }),
    most_workloads: Type.Integer({ minimum: 1, description: 'processes up to which the coefficients were measured' }),
  },
  closed,
);

export default defineContention({
  name: 'igniter',
  about: 'Inferences on fixed shares of a GPU slow each other down through the kernel scheduler, the L2 cache and the clock at the power cap.',
  source: 'Xu et al.: iGniter, IEEE TPDS 34(3), 2023, doi 10.1109/TPDS.2022.3232715, and its released code.',
  parameters: Parameters,
  bind({ gpu, models, most_workloads: most }, classes) {
    const workloads = classes.map(({ kind, model, sharePercent }): IgniterWorkload | undefined => {
      if (kind !== 'inference' || !Object.hasOwn(models, model)) return undefined;
      const { share_percent, batch, ...coefficients } = models[model];
      return { model: coefficients, batch, share_percent: sharePercent ?? share_percent };
    });
    const soloMs = workloads.map((w) => w && igniterPredict(gpu, [w])[0].latencyMs);
    return {
      slowdowns(counts, slowdown) {
        const present: IgniterWorkload[] = [];
        const first = new Map<number, number>();
        let sharePercent = 0;
        let inferences = 0;
        let outside: string | undefined;
        let unknown: string | undefined;
        for (let i = 0; i < classes.length; i++) {
          if (counts[i] === 0) continue;
          const workload = workloads[i];
          if (classes[i].kind === 'inference') inferences += counts[i];
          if (workload === undefined) {
            slowdown[i] = 1;
            if (classes[i].kind !== 'loading') unknown = `${classes[i].kind} of ${classes[i].model} has no coefficients`;
            continue;
          }
          first.set(i, present.length);
          for (let k = 0; k < counts[i]; k++) present.push(workload);
          sharePercent += counts[i] * workload.share_percent;
        }
        if (sharePercent > 100) outside = `shares add up to ${sharePercent} %, at most 100 % is meant`;
        if (inferences > most) outside = `${inferences} inferences at once, measured up to ${most}`;
        const together = igniterPredict(gpu, present);
        for (const [i, at] of first) slowdown[i] = together[at].latencyMs / soloMs[i]!;
        return unknown ?? outside;
      },
    };
  },
});
