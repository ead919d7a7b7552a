import { join } from 'node:path';
import { directoryOf } from '../scenario/files.js';

export const scenario = `schema: corun/scenario@1
title: Two ways
workload:
  - { app: plants, model: cnn, slo_ms: 50, arrivals: { process: poisson, rate_rps: 60, requests: 50 } }
sites:
  - name: edge
    accelerators: [{ profile: { models: { cnn: { solo_ms: 10, spread: { distribution: exponential } } } } }]
alternatives:
  - { name: one, dispatch: { policy: fcfs, k: 1 } }
  - { name: two, dispatch: { policy: fcfs, k: 2 } }
measure: { primary: goodput_rps, replications: { min: 20, max: 20 } }
`;

/** A directory with the scenario above as scenario.yaml, and other files beside it; paths are relative to the working directory. */
export function directoryWith(files: Record<string, string> = {}): { directory: string; file: string } {
  const directory = directoryOf({ 'scenario.yaml': scenario, ...files });
  return { directory, file: join(directory, 'scenario.yaml') };
}
