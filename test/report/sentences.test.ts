import { describe, expect, it } from 'vitest';
import type { Comparison, Difference } from '../../src/experiment/result.js';
import { difference, summarise } from '../../src/report/sentences.js';
import { fixture } from './fixture.js';

const say = (comparison: Comparison): string => {
  const { headline, details, notes } = summarise(comparison);
  return [headline, ...details, ...notes.map((n) => `${n.name}: ${n.text}`)].join('\n').replaceAll('\u00a0', ' ');
};

function edited(edit: (comparison: Comparison) => void): Comparison {
  const { comparison } = fixture();
  edit(comparison);
  return comparison;
}

describe('who wins', () => {
  const text = say(fixture().comparison);

  it('says by how much, absolutely and relatively, with interval and p-value', () => {
    expect(text).toContain('separate GPUs wins on P95 latency: 106.6 ± 1.3 ms.');
    // 41 × 2.6 − 58 × 2.6 = −44.2, of 150.8: 29.3 %
    expect(text).toContain('44.2 ms (29 %) lower than that of time-sharing');
    expect(text).toMatch(/95 % interval 42\.8 to 45\.6 ms \(28 to 30 %\), p < 0\.001/);
    expect(text).toContain('separate GPUs 99.8 %; each other below 1 %');
    expect(text).toContain('corun (+51 %)');
  });

  it('warns when the winner takes more GPUs', () => {
    expect(text).toContain('Mind the cost: separate GPUs takes 3 GPUs; the best with 1 GPU is time-sharing, 150.8 ± 1.8 ms');
  });

  it('does not call a winner what is not shown to be better', () => {
    const unsure = say(
      edited((c) => {
        const d = c.differences.find((x) => x.metric === c.primary && x.a === 'separate GPUs' && x.b === 'time-sharing')!;
        Object.assign(d, { mean: -0.4, ci95: [-1.1, 0.3], p_value: 0.4 } satisfies Partial<Difference>);
      }),
    );
    expect(unsure).toContain('separate GPUs leads on P95 latency with 106.6 ± 1.3 ms, but it is not shown to be better than time-sharing.');
    expect(unsure).not.toContain('wins');
  });

  it('calls a tie what is equal in every replication, and compares with the next', () => {
    const tie = say(
      edited((c) => {
        c.alternatives.find((a) => a.name === 'time-sharing')!.metrics.latency_p95_ms = c.alternatives.find(
          (a) => a.name === 'separate GPUs',
        )!.metrics.latency_p95_ms;
        for (const d of c.differences) {
          if (d.a === 'separate GPUs' && d.b === 'time-sharing')
            Object.assign(d, { mean: 0, ci95: [0, 0], p_value: 1, p_a_better: 0.5 } satisfies Partial<Difference>);
        }
      }),
    );
    expect(tie).toContain('separate GPUs and time-sharing tie on P95 latency: 106.6 ± 1.3 ms, the same in each replication.');
    expect(tie).toContain('Their P95 latency is 54.6 ms (34 %) lower than that of corun, the next');
  });

  it('says what is left to retraining', () => {
    expect(text).toContain('Mind retraining: an epoch takes 24.1 s under separate GPUs, 31.3 s under time-sharing and 31.3 s under corun.');
  });

  it('takes the direction from the metric', () => {
    const goodput = say(
      edited((c) => {
        c.primary = 'goodput_rps';
        c.best = { 'separate GPUs': 0.9, 'time-sharing': 0.1 };
      }),
    );
    expect(goodput).toContain('separate GPUs');
    expect(goodput).toMatch(/goodput is 0\.136 requests\/s \(1\.2 %\) higher than that of time-sharing/);
    expect(goodput).toContain('one at a time (−95 %)');
  });

  it('gives shares in percentage points', () => {
    const text = say(edited((c) => void (c.primary = 'slo_attainment')));
    expect(text).toMatch(/SLO attainment is 1\.13 percentage points higher than that of time-sharing/);
  });

  it('warns of latency over few answers', () => {
    const text = say(
      edited((c) => void (c.alternatives.find((a) => a.name === 'separate GPUs')!.metrics.rejected_share = { mean: 0.4, ci95: [0.39, 0.41] })),
    );
    expect(text).toContain('separate GPUs left 40 % unanswered');
  });

  it('has a sentence for nothing predicted, and for one alternative', () => {
    expect(say(edited((c) => c.alternatives.forEach((a) => Object.assign(a, { verdict: 'refused', refused: 'no memory', metrics: {} }))))).toContain(
      'Every alternative was refused',
    );
    expect(
      say(
        edited((c) => {
          c.alternatives.length = 1;
          c.differences = [];
        }),
      ),
    ).toContain('corun: P95 latency 161.2 ± 1.9 ms.');
  });
});

describe('notes', () => {
  const text = say(fixture().comparison);

  it('explain verdicts, refusals, extrapolation and what a policy found out', () => {
    expect(text).toContain('one at a time: overloaded: the backlog grew by 0.35 requests/s (95 % interval 0.33 to 0.37)');
    expect(text).toContain('18 % unfinished');
    expect(text).toContain('unlimited: refused: app plants needs 2310 MiB');
    expect(text).toContain('time-sharing: extrapolated for 3.1 % of the time, outside of what was measured (6 inferences at once, measured up to 5)');
    expect(text).toContain('corun: K = 4, limited by memory: 5 need 12840 MiB');
  });
});

describe('difference', () => {
  it('turns a stored difference round', () => {
    const { comparison } = fixture();
    const stored = difference(comparison, 'corun', 'separate GPUs', 'latency_p95_ms')!;
    const turned = difference(comparison, 'separate GPUs', 'corun', 'latency_p95_ms')!;
    expect(turned.mean).toBe(-stored.mean);
    expect(turned.ci95).toEqual([-stored.ci95[1], -stored.ci95[0]]);
    expect(turned.p_a_better + stored.p_a_better).toBe(1);
  });
});
