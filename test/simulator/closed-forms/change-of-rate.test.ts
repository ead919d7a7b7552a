import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import type { NamedProfile, Workload } from '../../../src/scenario/scenario.js';
import { alternative, profileOf } from '../alternative.js';
import { answerOf, at, record } from './by-hand.js';

// Deterministic changes of rate, worked by hand. Times in ms.

const twoFold: NamedProfile['contention'] = { model: 'table', inference: { jobs: [1, 2, 3], slowdown: [1, 2, 4] } };
const retrained = (epochS: number, slice?: { busy: number; length_ms: number }, accelerator?: NamedProfile['accelerator']): Partial<NamedProfile> => ({
  accelerator,
  training: { net: { batch: 16, epoch_s: epochS, ...(slice ? { slice } : {}) } },
  contention: {
    model: 'table',
    inference: { jobs: [1, 2, 3], slowdown: [1, 2, 4] },
    inference_beside_training: { net: 1.25 },
    training: { net: { jobs: [0, 1, 2, 3], slowdown: [1, 2, 4, 8] } },
  },
});

describe('a change of rate', () => {
  it('applies to the work that is left of each request, the moment a neighbour comes or goes', async () => {
    // Three requests of 10 ms at 0, 4 and 6, s = 1, 2, 4. Work left of (first, second, third):
    //   0 to 4, alone:   first does 4                          → (6, 10, –)
    //   4 to 6, two:     each does 2/2 = 1                     → (5, 9, 10)
    //   6 to 26, three:  each does 1/4 per ms, first's 5 take 20 → (0, 4, 5), first answered at 26
    //   26 to 34, two:   second's 4 take 8                     → (–, 0, 1), second answered at 34
    //   34 to 35, alone: third's 1 takes 1                     → third answered at 35
    const run = await record(alternative({ workload: [at([0, 4, 6])], sites: profileOf({ solo_ms: 10 }, { contention: twoFold }), dispatch: { policy: 'fcfs', k: 3 } }));
    expect(answerOf(run, 0)).toBeCloseTo(26, 9);
    expect(answerOf(run, 4)).toBeCloseTo(34, 9);
    expect(answerOf(run, 6)).toBeCloseTo(35, 9);
  });

  it('of two classes applies to each by its own slowdown in the mix', async () => {
    // m: 10 ms at 0; n: 6 ms at 5. Together m runs at 1/2, n at 1/3. At 5 m has 5 left, n 6.
    // m's 5 take 10 → answered at 15, when n has done 10/3; the remaining 8/3 alone → 15 + 8/3.
    const profile: NamedProfile = {
      name: 'mixed',
      models: { m: { solo_ms: 10 }, n: { solo_ms: 6 } },
      contention: { model: 'mix', groups: [{ active: { 'inference:m': 1, 'inference:n': 1 }, slowdown: { 'inference:m': 2, 'inference:n': 3 } }] },
    };
    const run = await record(alternative({ workload: [at([0]), at([5], { app: 'b', stages: [{ model: 'n' }] })], sites: profile, dispatch: { policy: 'fcfs', k: 2 } }));
    expect(answerOf(run, 0)).toBeCloseTo(15, 9);
    expect(answerOf(run, 5)).toBeCloseTo(15 + 8 / 3, 9);
  });

  it('slows a retraining job while inferences run, and its epoch ends when its work is done', async () => {
    // Epoch of 100 ms of work; beside one inference training runs at 1/2, the inference at 1/1.25.
    // Requests of 8 ms at 10 and 50 take 10 each, in which training does 5 instead of 10: the epoch's 100 take 110.
    // A third at 130 falls into the second epoch, which ends at 110 + 105 = 215; a fourth at 400 closes the window.
    const run = await record(alternative({ workload: [at([10, 50, 130, 400])], sites: profileOf({ solo_ms: 8 }, retrained(0.1)), retraining: 'net' }));
    for (const born of [10, 50, 130]) expect(answerOf(run, born)).toBeCloseTo(born + 10, 9);
    expect(run.epochs_ms.slice(0, 3)).toEqual([110, 215, 315].map((t) => expect.closeTo(t, 9)));
  });

  it('in training that yields to inference is a stop: the epoch waits as long as the requests take', async () => {
    // when-idle: requests of 8 ms at 10 and 14, one after the other, run alone from 10 to 26. The epoch's 100 ms of work end at 116.
    // A request at 116.5 stops the second epoch after 0.5 until 124.5, so it ends at 116 + 100 + 8 = 224.
    const run = await record(
      alternative({ workload: [at([10, 14, 116.5, 400])], sites: profileOf({ solo_ms: 8 }, retrained(0.1)), retraining: 'net', retrain: 'when-idle' }),
    );
    expect(answerOf(run, 10)).toBeCloseTo(18, 9);
    expect(answerOf(run, 14)).toBeCloseTo(26, 9);
    expect(answerOf(run, 116.5)).toBeCloseTo(124.5, 9);
    expect(run.epochs_ms.slice(0, 2)).toEqual([116, 224].map((t) => expect.closeTo(t, 9)));
  });

  it('when idle, resumes after the quiet time that was asked for', async () => {
    // As above for one request at 10, and training resumes 5 after it was answered at 18: the epoch ends at 113.
    const run = await record(
      alternative({ workload: [at([10, 200])], sites: profileOf({ solo_ms: 8 }, retrained(0.1)), retraining: 'net', retrain: { policy: 'when-idle', quiet_ms: 5 } }),
    );
    expect(run.epochs_ms[0]).toBeCloseTo(113, 9);
  });

  it('in windows, trains while they are open', async () => {
    // Open from 20 to 50, 120 to 150, 220 to 250 …; an epoch of 70 needs 30 + 30 + 10 → it ends at 230.
    // A request at 30 beside training takes 10 instead of 8, and costs training 5: 235.
    const run = await record(
      alternative({
        workload: [at([30, 70, 300])],
        sites: profileOf({ solo_ms: 8 }, retrained(0.07)),
        retraining: 'net',
        retrain: { policy: 'windows', every_s: 0.1, for_s: 0.03, offset_s: 0.02 },
      }),
    );
    expect(answerOf(run, 30)).toBeCloseTo(40, 9);
    expect(answerOf(run, 70)).toBeCloseTo(78, 9);
    expect(run.epochs_ms[0]).toBeCloseTo(235, 9);
    const trained = run.spans.filter((s) => s.kind === 'training').map((s) => [s.start_ms, s.end_ms]);
    for (const [i, [fromMs, toMs]] of trained.slice(0, 3).entries()) {
      expect(fromMs).toBeCloseTo(20 + 100 * i, 9);
      expect(toMs).toBeCloseTo(50 + 100 * i, 9);
    }
  });

  it('does not touch the part of a request on the host, which queues for processors by itself', async () => {
    // Each request: 2 ms on the one processor, then 10 ms on the accelerator, where two run at half speed. Born at 0 and 1:
    //   0 to 1:   first alone on the processor, 1 left
    //   1 to 3:   both share it, first's 1 takes 2                       → first on the accelerator at 3, second has 1 left
    //   3 to 4:   second alone on the processor                          → second on the accelerator at 4, first has 9 left
    //   4 to 22:  both at half speed, first's 9 take 18                  → first answered at 22, second has 1 left
    //   22 to 23: second alone                                           → second answered at 23
    const accelerator = { name: 'gpu', memory_mib: 1000, host_cores: 1 };
    const run = await record(
      alternative({ workload: [at([0, 1])], sites: profileOf({ solo_ms: 10, host_ms: 2 }, { accelerator, contention: twoFold }), dispatch: { policy: 'fcfs', k: 2 } }),
    );
    expect(answerOf(run, 0)).toBeCloseTo(22, 9);
    expect(answerOf(run, 1)).toBeCloseTo(23, 9);
  });

  it('with processors enough, host parts do not meet', async () => {
    // As above with 2 processors: on the accelerator at 2 and 3; first has 9 left at 3, answered at 21, second 1 left → 22.
    const accelerator = { name: 'gpu', memory_mib: 1000, host_cores: 2 };
    const run = await record(
      alternative({ workload: [at([0, 1])], sites: profileOf({ solo_ms: 10, host_ms: 2 }, { accelerator, contention: twoFold }), dispatch: { policy: 'fcfs', k: 2 } }),
    );
    expect(answerOf(run, 0)).toBeCloseTo(21, 9);
    expect(answerOf(run, 1)).toBeCloseTo(22, 9);
  });

  it('begins after the wait for a training slice, whose length is uniform and which slows nobody', async () => {
    // busy = 1: every request waits, between 0 and 4, and then runs alone beside training: 8 × 1.25 = 10.
    // While it waits training goes on at full speed: with epochs of 100, n requests cost training 5 each.
    const times = Array.from({ length: 2000 }, (_, i) => 50 * (i + 1));
    const run = await record(
      alternative({ workload: [at(times)], sites: profileOf({ solo_ms: 8 }, retrained(0.1, { busy: 1, length_ms: 4 })), retraining: 'net' }),
    );
    const waits = times.map((t) => answerOf(run, t) - t - 10);
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(-1e-9);
      expect(wait).toBeLessThan(4);
    }
    // Mean 2, standard deviation 4/√12 = 1.155, of 2,000: 0.026.
    const mean = waits.reduce((x, y) => x + y, 0) / waits.length;
    expect(Math.abs(mean - 2)).toBeLessThan(4 * 0.026);
    expect(Math.max(...waits)).toBeGreaterThan(3.9);
    // Up to 50,000 there are 999 requests, each over: 50,000 − 999 × 5 = 45,005 ms of work, 450 epochs.
    expect(run.epochs_ms.filter((t) => t <= 50_000).length).toBe(450);
  });

  it('with slices that are seldom busy, waits as often', async () => {
    const times = Array.from({ length: 4000 }, (_, i) => 50 * (i + 1));
    const run = await record(
      alternative({ workload: [at(times)], sites: profileOf({ solo_ms: 8 }, retrained(0.1, { busy: 0.3, length_ms: 4 })), retraining: 'net' }),
    );
    const waits = times.map((t) => answerOf(run, t) - t - 10);
    const waited = waits.filter((w) => w > 1e-9);
    // Binomial: √(0.3 × 0.7 / 4000) = 0.0072.
    expect(Math.abs(waited.length / waits.length - 0.3)).toBeLessThan(4 * 0.0072);
    // Those that wait do so for 2 on average: 1.155 / √1200 = 0.033.
    expect(Math.abs(waited.reduce((x, y) => x + y, 0) / waited.length - 2)).toBeLessThan(4 * 0.033);
  });

  it('ends before what arrives in the same moment: with D/D/1 at full load nobody waits', async () => {
    const workload: Workload = { app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: 1000, requests: 10_000 } };
    for (const dispatch of ['fcfs', { policy: 'fcfs', queue_limit: 0 }]) {
      const { measured } = await replicate({ alternative: alternative({ workload: [workload], sites: profileOf({ solo_ms: 1 }), dispatch }), replication: 0, warmUpMs: 0 });
      expect(measured!.apps[0].answered).toBe(10_000);
      expect(measured!.apps[0].latencySumMs).toBe(10_000);
      // Busy from the first birth, at 1, to the last one, at 10,000.
      expect(measured!.busyShare[0]).toBeCloseTo(9_999 / 10_000, 12);
    }
  });

  it('is the same from a trace far from time 0', async () => {
    const shift = 86_400_000;
    const run = await record(
      alternative({ workload: [at([0, 4, 6].map((t) => t + shift))], sites: profileOf({ solo_ms: 10 }, { contention: twoFold }), dispatch: { policy: 'fcfs', k: 3 } }),
    );
    expect(answerOf(run, shift) - shift).toBeCloseTo(26, 6);
    expect(answerOf(run, shift + 6) - shift).toBeCloseTo(35, 6);
  });
});
