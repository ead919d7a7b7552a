import type { Comparison, Detail } from '../../experiment/result.js';
import type { Chart } from './chart.js';
import { differences } from './differences.js';
import { estimates } from './estimates.js';
import { latencyDistribution } from './latency-distribution.js';
import { latencyOverTime } from './latency-over-time.js';
import { residency } from './residency.js';

/** The charts of a report, in its order. */
export function charts(comparison: Comparison, detail: Detail): Chart[] {
  return [
    estimates(comparison),
    differences(comparison),
    latencyDistribution(comparison, detail),
    latencyOverTime(comparison, detail),
    ...residency(comparison, detail),
  ];
}
