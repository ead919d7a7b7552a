import type {
  AlternativeResult,
  Comparison,
  Detail,
  Difference,
  Distribution,
  Estimate,
  Recording,
  RequestRow,
  Span,
} from '../../src/experiment/result.js';

/** A reproducible stream of numbers in [0, 1): the minimal standard generator of Park and Miller. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const around = (mean: number, half: number, model?: number): Estimate => ({
  mean,
  ci95: [mean - half, mean + half],
  ...(model === undefined ? {} : { interval95_model: [mean - model, mean + model] as [number, number] }),
});

interface Kind {
  name: string;
  k: number;
  gpus: number;
  latencyMs: number;
  training: boolean;
  growth: number;
}

const kinds: Kind[] = [
  { name: 'corun', k: 4, gpus: 1, latencyMs: 62, training: true, growth: 0 },
  { name: 'separate GPUs', k: 1, gpus: 3, latencyMs: 41, training: true, growth: 0 },
  { name: 'time-sharing', k: 4, gpus: 1, latencyMs: 58, training: true, growth: 0 },
  { name: 'fixed K = 2', k: 2, gpus: 1, latencyMs: 88, training: true, growth: 0 },
  { name: 'one at a time', k: 1, gpus: 1, latencyMs: 120, training: true, growth: 0.35 },
];

const apps = ['plants', 'faces', 'birds'];
const HORIZON_MS = 120_000;
const EPOCHS_MS = [31_000, 62_500, 93_800];
const UNFINISHED = 0.18;

function metricsOf(kind: Kind): AlternativeResult['metrics'] {
  const overloaded = kind.growth > 0;
  const p95 = overloaded ? 24_800 : kind.latencyMs * 2.6;
  return {
    latency_mean_ms: around(overloaded ? 11_900 : kind.latencyMs * 1.15, overloaded ? 820 : 0.4),
    latency_p50_ms: around(overloaded ? 12_100 : kind.latencyMs, overloaded ? 900 : 0.3),
    latency_p95_ms: around(p95, overloaded ? 1310 : p95 * 0.012, overloaded ? 2600 : p95 * 0.045),
    latency_p99_ms: around(p95 * 1.4, p95 * 0.03),
    throughput_rps: around(overloaded ? 7.9 : 12.04, 0.06),
    goodput_rps: around(overloaded ? 0.6 : 12.04 * (1 - kind.latencyMs / 1500), 0.07, 0.2),
    slo_attainment: around(overloaded ? 0.052 : 1 - kind.latencyMs / 1500, 0.004, 0.011),
    rejected_share: around(0, 0),
    unfinished_share: around(overloaded ? UNFINISHED : 0, overloaded ? 0.01 : 0),
    oom_events: around(0, 0),
    epoch_s: around(kind.name === 'separate GPUs' ? 24.1 : 24.1 * (1.1 + 0.05 * kind.k), 0.12, 0.9),
    gpu_utilisation: around(kind.gpus > 1 ? 0.41 : 0.93, 0.003),
    gpus: around(kind.gpus, 0),
  };
}

/** Bins are narrow, 128 per octave, and empty ones are left out, as in the real histograms. */
function distributionOf(kind: Kind, random: () => number): Distribution {
  const bins = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const gauss = Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    const ms = kind.growth > 0 ? random() * 25_000 + 100 : kind.latencyMs * Math.exp(0.55 * gauss);
    const bin = Math.floor(Math.log2(ms) * 128);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  const sorted = [...bins].sort(([a], [b]) => a - b);
  return { alternative: kind.name, upper_ms: sorted.map(([bin]) => Math.pow(2, (bin + 1) / 128)), count: sorted.map(([, n]) => n) };
}

/** Apps wait for one of `k` slots of an accelerator; one worker per slot and app. */
function recordingOf(kind: Kind, random: () => number): Recording {
  const requests: RequestRow[] = [];
  const spans: Span[] = [];
  const accelerators = Array.from({ length: kind.gpus }, (_, i) => `edge/rtx3080ti#${i}`);
  const free = accelerators.map(() => Array.from({ length: kind.k }, () => 0));
  for (let born = 0; ;) {
    born += -Math.log(1 - random()) * 83;
    if (born > HORIZON_MS) break;
    const app = apps[Math.floor(random() * apps.length)];
    const at = kind.gpus > 1 ? apps.indexOf(app) % (kind.gpus - 1) : 0;
    const slots = free[at];
    const slot = slots.indexOf(Math.min(...slots));
    const busyMs = (kind.latencyMs / (kind.growth > 0 ? 1.15 : 2)) * (0.7 + 0.6 * random());
    const start = Math.max(born + 4, slots[slot]);
    const end = start + busyMs;
    const reached = end <= HORIZON_MS;
    if (start < HORIZON_MS) {
      slots[slot] = end;
      if (kind.training && kind.gpus === 1 && random() < 0.2) {
        spans.push({ accelerator: accelerators[at], track: `${app} #${slot + 1}`, kind: 'waiting', start_ms: start, end_ms: start + busyMs * 0.2 });
      }
      spans.push({
        accelerator: accelerators[at],
        track: `${app} #${slot + 1}`,
        kind: 'inference',
        start_ms: start,
        end_ms: Math.min(end, HORIZON_MS),
        batch: 1,
      });
    }
    requests.push({
      app,
      site: 'edge',
      model: app,
      born_ms: born,
      arrived_ms: born + 4,
      started_ms: start < HORIZON_MS ? start : -1,
      answered_ms: reached ? end : -1,
      latency_ms: reached ? end - born : -1,
      outcome: reached ? 'answered' : 'unfinished',
      in_slo: reached && end - born < 250,
      attempts: 1,
    });
  }
  const home = accelerators[kind.gpus - 1];
  for (const app of apps.slice(0, kind.gpus > 1 ? 2 : 3)) {
    spans.push({
      accelerator: accelerators[kind.gpus > 1 ? apps.indexOf(app) % (kind.gpus - 1) : 0],
      track: `${app} #1`,
      kind: 'loading',
      start_ms: -1800,
      end_ms: 0,
    });
  }
  if (kind.name === 'time-sharing') {
    for (let at = 0; at < HORIZON_MS; at += 900) {
      spans.push({ accelerator: home, track: 'retrain resnet50', kind: 'training', start_ms: at, end_ms: at + 500 });
      spans.push({ accelerator: home, track: 'retrain resnet50', kind: 'paused', start_ms: at + 500, end_ms: Math.min(at + 900, HORIZON_MS) });
    }
  } else spans.push({ accelerator: home, track: 'retrain resnet50', kind: 'training', start_ms: 0, end_ms: HORIZON_MS });
  return {
    alternative: kind.name,
    horizon_ms: HORIZON_MS,
    requests,
    requests_total: requests.length,
    spans,
    spans_total: spans.length,
    epochs_ms: EPOCHS_MS,
  };
}

/** Six alternatives: four stable (one of them extrapolated), one overloaded, one refused. */
export function fixture(): { comparison: Comparison; detail: Detail } {
  const random = uniform(20240812);
  const alternatives: AlternativeResult[] = kinds.map((kind) => ({
    name: kind.name,
    verdict: kind.growth > 0 ? 'overloaded' : 'stable',
    decisions: {
      dispatch: kind.name === 'corun' ? 'corun' : 'fcfs',
      retrain: kind.name === 'time-sharing' ? 'when-idle' : 'continuous',
      place: kind.gpus > 1 ? 'one-task-per-accelerator' : 'all-on-one',
    },
    ...(kind.name === 'corun' ? { facts: { K: 4, 'K limited by': 'memory: 5 need 12840 MiB' } } : {}),
    ...(kind.name === 'time-sharing' ? { extrapolated_share: 0.031, extrapolated_reason: '6 inferences at once, measured up to 5' } : {}),
    backlog_slope_rps: around(kind.growth, 0.02),
    metrics: metricsOf(kind),
    apps: Object.fromEntries(
      apps.map((app, i) => [
        app,
        { slo_attainment: around(0.9 + i * 0.03, 0.01), latency_p95_ms: around(kind.latencyMs * (2 + i), 3), throughput_rps: around(4 + i, 0.05) },
      ]),
    ),
  }));
  alternatives.push({
    name: 'unlimited',
    verdict: 'refused',
    refused: 'app plants needs 2310 MiB on edge/rtx3080ti#0, 1480 MiB are free: use fewer apps, or one-task-per-accelerator',
    decisions: { dispatch: 'unlimited', retrain: 'continuous', place: 'all-on-one' },
    metrics: {},
  });
  const differences: Difference[] = [];
  for (const metric of ['latency_p95_ms', 'goodput_rps']) {
    for (let i = 0; i < kinds.length; i++) {
      for (let j = i + 1; j < kinds.length; j++) {
        const [a, b] = [alternatives[i].metrics[metric], alternatives[j].metrics[metric]];
        const half = Math.max(a.mean - a.ci95[0], b.mean - b.ci95[0]) * 0.8;
        const mean = a.mean - b.mean;
        const better = metric === 'latency_p95_ms' ? mean < 0 : mean > 0;
        const clear = Math.abs(mean) > half;
        differences.push({
          a: kinds[i].name,
          b: kinds[j].name,
          metric,
          mean,
          ci95: [mean - half, mean + half],
          p_value: clear ? 0.00004 : 0.31,
          p_a_better: better ? 0.999 : 0.001,
        });
      }
    }
  }
  return {
    comparison: {
      schema: 'corun/comparison@1',
      scenario: 'scenarios/quickstart.yaml',
      title: 'Three camera apps beside one retraining job',
      seed: 1,
      primary: 'latency_p95_ms',
      replications: 24,
      stopped: 'precise',
      warm_up_s: 12,
      alternatives,
      differences,
      best: { corun: 0, 'separate GPUs': 0.998, 'time-sharing': 0.002, 'fixed K = 2': 0, 'one at a time': 0 },
      profiles: [
        {
          name: 'rtx3080ti',
          source: [
            'Liu, Andhare, Kang: Corun. Sensors 24(16), 5262, 2024, tables 3 and 4',
            'memory of the driver: nvidia-smi, read on the idle machine',
          ],
          assumptions: [
            'Start-up of a worker takes 1.8 s for every model',
            'The spread of solo times is lognormal with a coefficient of variation of 0.1',
          ],
        },
      ],
    },
    detail: { recordings: kinds.map((kind) => recordingOf(kind, random)), distributions: kinds.map((kind) => distributionOf(kind, random)) },
  };
}
