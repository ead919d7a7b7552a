import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** A new directory with these files; its path is relative, so that messages are the same everywhere. */
export function directoryOf(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'corun-scenario-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return relative(process.cwd(), directory);
}

export const profile = `{
  "schema": "corun/profile@1",
  "name": "toy",
  "accelerator": { "name": "toy", "memory_mib": 8000 },
  "models": { "resnet50": { "solo_ms": 10 }, "vgg16": { "solo_ms": 20, "spread": { "distribution": "exponential" } } },
  "training": { "resnet50": { "batch": 16, "epoch_s": 100 } }
}
`;

export const scenario = `schema: corun/scenario@1
title: Two apps
duration_s: 60
workload:
  - app: plants
    model: resnet50
    slo_ms: 250
    arrivals: { process: gamma, rate_rps: 10, cv: 2 }
  - app: batch
    model: vgg16
    clients: { count: 4, think_ms: 5 }
network: { up: { fixed_ms: 20 }, down: { normal: { mean_ms: 20, sd_ms: 8 } } }
sites:
  - name: edge
    accelerators: [{ profile: toy.json, count: 1, price_usd_per_hour: 0.5 }]
retraining: { model: resnet50, batch: 16 }
alternatives:
  - { name: corun, dispatch: { policy: corun, latency_tolerance: 1 } }
  - { name: windows, retrain: { policy: windows, every_s: 100 }, dispatch: fcfs }
  - { name: two, set: { sites.0.accelerators.0.count: 2 } }
measure: { primary: goodput_rps, metrics: [usd_per_million], replications: { min: 3, max: 9 } }
seed: 7
`;
