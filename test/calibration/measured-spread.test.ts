import { describe, expect, it } from 'vitest';
import { runFit } from '../../src/calibration/run-fit.js';
import { meanOfQuantiles } from '../../src/random/service.js';
import { stream } from '../../src/random/stream.js';
import { csv, fileOf } from './files.js';

/** Rows of one job alone: mostly 9 ms, one in ten 19 ms; two processes, of which the second is slower by a fifth. */
function rows(count: number): string {
  const draw = stream(5, 'two');
  let at = 0;
  return csv(Array.from({ length: count }, (_, i) => `r${i % 2},p,${(at += 30)},inference,cnn,solo,1,0,${((i % 2 === 0 ? 1 : 1.2) * (draw() < 0.1 ? 19 : 9)).toFixed(4)}`));
}

const fitted = async (count: number, blockMs?: number) => (await runFit(fileOf(rows(count)), { profileName: 'p', ...(blockMs !== undefined && { blockMs }) })).profile!.models.cnn;

describe('the spread of a profile from blocks', () => {
  it('is what was measured, each process about its own mean', async () => {
    const { solo_ms: meanMs, spread } = await fitted(4000, 200);
    if (spread?.distribution !== 'measured') throw new Error(`spread ${JSON.stringify(spread)}`);
    const { quantiles } = spread;
    expect(quantiles).toHaveLength(41);
    expect(meanOfQuantiles(quantiles)).toBeCloseTo(1, 3);
    // Of a mean of 10 ms; that one process is slower than the other is no spread.
    for (const at of [0, 20, 35]) expect(quantiles[at]).toBeCloseTo(0.9, 1);
    for (const at of [38, 40]) expect(quantiles[at]).toBeCloseTo(1.9, 1);
    expect(meanMs / 11).toBeCloseTo(1, 1);
  });

  it('is lognormal of few rows, and of rows that no calibration measured', async () => {
    expect((await fitted(100, 200)).spread?.distribution).not.toBe('measured');
    expect((await fitted(4000)).spread?.distribution).not.toBe('measured');
  });
});
