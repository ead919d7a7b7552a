import { Type } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { LatencyHistogram } from '../../statistics/histogram.js';
import { mapped, Requests } from '../mapped.js';
import { defineTransform } from '../transform.js';

/** Windows that are looked at: so many at most, at even distances. */
const MOST_CANDIDATES = 200;
const QUANTILES = 100;

/** Gaps at the middle of each percent, in ms; undefined without gaps. */
function quantilesOf(gaps: LatencyHistogram): number[] | undefined {
  if (gaps.total === 0) return undefined;
  return Array.from({ length: QUANTILES }, (_, i) => gaps.quantile((i + 0.5) / QUANTILES));
}

export default defineTransform({
  name: 'sample',
  about:
    'Keeps the one window of this length whose gaps between requests are distributed most like those of the whole trace: with the smallest Wasserstein-1 distance, over up to 200 windows at even distances.',
  option: Type.Object(
    { for_s: Type.Number({ exclusiveMinimum: 0, description: 'length of the window to keep, in s' }) },
    { additionalProperties: false, description: 'a short stretch that stands for the whole trace' },
  ),
  async apply(open, { for_s }) {
    const lengthMs = for_s * 1000;
    const { lastMs, count } = await extentOf(await open());
    if (count < 2 || lengthMs >= lastMs) throw new InputError(`the trace is ${lastMs / 1000} s long, so there is nothing to sample ${for_s} s from; choose a shorter for_s`);
    const stepMs = Math.max((lastMs - lengthMs) / (MOST_CANDIDATES - 1), Math.min(lengthMs, lastMs - lengthMs) / 10);
    const starts = Array.from({ length: Math.floor((lastMs - lengthMs) / stepMs) + 1 }, (_, i) => i * stepMs);
    const windows = starts.map(() => new LatencyHistogram());
    const all = new LatencyHistogram();
    const requests = new Requests(await open());
    let beforeMs = NaN;
    while (await requests.next()) {
      const { timeMs } = requests;
      if (!Number.isNaN(beforeMs)) {
        const gapMs = timeMs - beforeMs;
        all.add(gapMs);
        const last = Math.min(starts.length - 1, Math.floor(beforeMs / stepMs));
        for (let w = last; w >= 0 && starts[w] + lengthMs > timeMs; w--) windows[w].add(gapMs);
      }
      beforeMs = timeMs;
    }
    await requests.close();
    const whole = quantilesOf(all)!;
    let best = 0;
    let bestDistance = Infinity;
    windows.forEach((gaps, w) => {
      const its = quantilesOf(gaps);
      if (its === undefined) return;
      // In one dimension the Wasserstein-1 distance is the area between the quantile functions.
      const distance = its.reduce((sum, q, i) => sum + Math.abs(q - whole[i]), 0) / QUANTILES;
      if (distance < bestDistance) {
        best = w;
        bestDistance = distance;
      }
    });
    const fromMs = starts[best];
    return mapped(await open(), (request, give) => {
      if (request === undefined || request.timeMs >= fromMs + lengthMs) return false;
      if (request.timeMs >= fromMs) give(request.timeMs - fromMs, request.sloMs);
    });
  },
});

async function extentOf(arrivals: Parameters<typeof mapped>[0]): Promise<{ lastMs: number; count: number }> {
  const requests = new Requests(arrivals);
  let count = 0;
  while (await requests.next()) count++;
  await requests.close();
  return { lastMs: requests.timeMs, count };
}
