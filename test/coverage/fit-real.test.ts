import { expect, it } from 'vitest';
import { readObservations } from '../../src/calibration/observations/read.js';
import { fitContention } from '../../src/contention/fit/fit.js';
import { isSolo, type ObservedGroup } from '../../src/contention/fit/group.js';
import { intervalScore } from '../../src/contention/fit/interval-score.js';
import { median } from '../../src/contention/fit/medians.js';
import { describeWithSharedData, sharedData } from '../shared-data.js';

const read = async (name: string): Promise<ObservedGroup[]> => (await readObservations(sharedData(`gpu-contention/observations-${name}.csv`))).groups;
const observed = (g: ObservedGroup): number => Math.log(median(g.clusters.flatMap((c) => [...c.keptMs])));

describeWithSharedData('intervals for groups of real recordings that the fit never saw', () => {
  it('hold most of more than sixty: each left out, all beyond each number of jobs, and one recording from the other', { timeout: 240_000 }, async () => {
    const [stress, run6, run7] = await Promise.all([read('inference'), read('coexist-run6'), read('coexist-run7')]);
    const asks: { fit: ObservedGroup[]; of: ObservedGroup[] }[] = [
      ...stress.filter((g) => !isSolo(g)).map((g) => ({ fit: stress.filter((other) => other !== g), of: [g] })),
      ...[4, 5, 6, 7, 8, 9, 10].map((cut) => ({ fit: stress.filter((g) => g.inferenceJobs <= cut), of: stress.filter((g) => g.inferenceJobs > cut && g.inferenceJobs <= 2 * cut) })),
      { fit: run6, of: run7.filter((g) => !isSolo(g)) },
      { fit: run7, of: run6.filter((g) => !isSolo(g)) },
    ];
    let [hit, n, score, naive] = [0, 0, 0, 0];
    for (const { fit: known, of } of asks) {
      const fit = fitContention(known, { draws: 60 });
      for (const g of of) {
        const { interval95Ms, ms } = fit.predict(g, g.n, g.clusters.length)!;
        const [lo, hi] = interval95Ms.map(Math.log);
        n++;
        if (observed(g) >= lo && observed(g) <= hi) hit++;
        score += intervalScore(observed(g), [lo, hi]);
        naive += intervalScore(observed(g), [Math.log(ms), Math.log(ms)]);
      }
    }
    console.log(`${hit} of ${n} inside, interval score ${(100 * score / n).toFixed(1)} %, without intervals ${(100 * naive / n).toFixed(1)} %`);
    expect(n).toBeGreaterThanOrEqual(60);
    expect(hit / n).toBeGreaterThanOrEqual(0.9);
    expect(score).toBeLessThan(naive);
  });
});
