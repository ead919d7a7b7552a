import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/faults/fault.js';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, profileOf, type Setup } from '../alternative.js';
import { answerOf, at, bornAt, record } from '../closed-forms/by-hand.js';

const once = (kind: Fault['kind'], atMs: number, more: Partial<Fault> = {}): Fault => ({ kind, when: { atMs }, ...more });
const forMs = (ms: number): Pick<Fault, 'lasts'> => ({ lasts: { forMs: ms } });

/** One worker that takes 10 ms for a request and 5 ms to load; dead ones are started again after 20 ms, then 40, then 50. */
const one = (faults: Fault[], births: readonly number[], more: Partial<Setup> = {}) =>
  record(
    alternative({
      workload: [at(births)],
      sites: profileOf({ solo_ms: 10, load_ms: 5 }),
      faults,
      supervision: { restart_after_s: 0.02, longest_restart_s: 0.05 },
      ...more,
    }),
  );

describe('a worker that dies', () => {
  it('is started again after a pause, and what it was doing is done again', async () => {
    // Dies at 4; starts again at 24, is loaded at 29. The request of 0 goes first.
    const run = await one([once('kill worker', 4)], [0, 1, 60]);
    expect([0, 1, 60].map((born) => answerOf(run, born))).toEqual([39, 49, 70]);
    expect(bornAt(run, 0).attempts).toBe(2);
    expect(bornAt(run, 1).attempts).toBe(1);
  });

  it('twice at the same request, which fails then', async () => {
    // Dies at 4, loads 24 to 29, dies at 31 in its second attempt; the pause is 40: loads 71 to 76.
    const run = await one([once('kill worker', 4), once('kill worker', 31)], [0, 1]);
    expect(bornAt(run, 0)).toMatchObject({ outcome: 'failed', attempts: 2 });
    expect(answerOf(run, 1)).toBe(86);
  });

  it('as often as it may, if more retries are allowed', async () => {
    const run = await one([once('kill worker', 4), once('kill worker', 31)], [0], { supervision: { restart_after_s: 0.02, longest_restart_s: 0.05, retries: 2 } });
    expect(bornAt(run, 0)).toMatchObject({ outcome: 'answered', attempts: 3, answered_ms: 86 });
  });

  it('while it is idle, costs nobody but those that come before it is there again', async () => {
    const run = await one([once('kill worker', 100)], [0, 110, 200]);
    expect([0, 110, 200].map((born) => answerOf(run, born))).toEqual([10, 135, 210]);
  });

  it('gives its batch back in the order in which it came', async () => {
    const run = await one([once('kill worker', 4)], [0, 0.5, 1, 2], {
      sites: profileOf({ solo_ms: 10, load_ms: 5, batches: { size: [1, 3], mean_ms: [10, 16] } }),
      dispatch: { policy: 'batch', max_batch: 3, max_delay_ms: 2, k: 1 },
    });
    // The batch of 0, 0.5 and 1 starts when it is full, at 1; it dies at 4. The same three are served from 29 on.
    expect([0, 0.5, 1].map((born) => answerOf(run, born))).toEqual([45, 45, 45]);
    expect(answerOf(run, 2)).toBe(55);
  });

  it('is one of those at work, if there are any', async () => {
    const setup = alternative({
      workload: [at([0]), at([500], { app: 'b', stages: [{ model: 'm' }] })],
      sites: profileOf({ solo_ms: 10, load_ms: 5 }),
      faults: [once('kill worker', 4)],
      supervision: { restart_after_s: 0.02 },
    });
    for (let replication = 0; replication < 6; replication++) {
      const { record: run } = await replicate({ alternative: setup, replication, warmUpMs: 0, record: { rows: 10, spans: 10 } });
      expect(run!.requests.find(({ app }) => app === 'a')!.attempts).toBe(2);
    }
  });
});

describe('a worker that hangs', () => {
  it('goes on where it stopped, if nobody takes it for hung', async () => {
    const run = await one([once('hang worker', 4, forMs(30))], [0, 1]);
    expect([0, 1].map((born) => answerOf(run, born))).toEqual([40, 50]);
    expect(bornAt(run, 0).attempts).toBe(1);
  });

  it('begins what it is given while it hangs, and gets no further', async () => {
    const run = await one([once('hang worker', 50, forMs(30))], [0, 60]);
    expect(answerOf(run, 60)).toBe(90);
  });

  it('is killed when it has been at it for too long', async () => {
    // Looked at every 20 ms. At 40 it has been at it for 40: dead, starts again at 60, loaded at 65.
    const run = await one([once('hang worker', 4)], [0, 1], { supervision: { restart_after_s: 0.02, hang_after_s: 0.04 } });
    expect([0, 1].map((born) => answerOf(run, born))).toEqual([75, 85]);
    expect(bornAt(run, 0).attempts).toBe(2);
  });

  it('is not taken for hung while it is only slow', async () => {
    const run = await one([], [0], { sites: profileOf({ solo_ms: 39 }), supervision: { hang_after_s: 0.04 } });
    expect(answerOf(run, 0)).toBe(39);
  });
});

describe('an accelerator that vanishes', () => {
  const training = { models: { m: { solo_ms: 10, load_ms: 5, memory_mib: 40 } }, training: { t: { batch: 16, epoch_s: 0.1, memory_mib: 50 } }, accelerator: { name: 'gpu', memory_mib: 100 } };

  it('returns empty, loads its workers at once, and does what it was doing again', async () => {
    // Gone from 4 to 54, loaded at 59.
    const run = await one([once('lose accelerator', 4, forMs(50))], [0, 1]);
    expect([0, 1].map((born) => answerOf(run, born))).toEqual([69, 79]);
  });

  it('sets its retraining job back to the end of its last epoch', async () => {
    // Epochs end at 100 and 200; gone from 250 to 270, so the third ends at 370.
    const run = await one([once('lose accelerator', 250, forMs(20))], [0, 390], { sites: { name: 'synthetic', ...training }, retraining: 't' });
    expect(run.epochs_ms).toEqual([100, 200, 370]);
  });

  it('never to return, leaves unanswered what waits for it', async () => {
    const run = await one([once('lose accelerator', 4)], [0, 1], { measure: { drain_s: 0.1 } });
    expect(run.requests.map(({ outcome }) => outcome)).toEqual(['unfinished', 'unfinished']);
  });

  it('hands its work to the other accelerators of its site', async () => {
    const run = await one([once('lose accelerator', 4, { accelerator: 'edge/gpu1', ...forMs(1000) })], [0, 1, 2], {
      sites: [profileOf({ solo_ms: 10, load_ms: 5 }), profileOf({ solo_ms: 10, load_ms: 5 })],
      place: { policy: 'all-on-one', copies: 1 },
    });
    expect(Math.max(...run.requests.map(({ answered_ms }) => answered_ms))).toBeLessThanOrEqual(30);
  });

  it('stays away until the last of several faults lets it go', async () => {
    const run = await one([once('lose accelerator', 4, forMs(50)), once('lose accelerator', 20, forMs(100))], [0]);
    expect(answerOf(run, 0)).toBe(135);
  });

  it('and a paused job: what the policy wished meanwhile is done when it returns', async () => {
    // Windows of 100 every 200: open 0 to 100, 200 to 300. Gone from 50 to 220: back at 0 of its first epoch, which then takes 220 to 300 and 400 to 420.
    const run = await one([once('lose accelerator', 50, forMs(170))], [0, 500], {
      sites: { name: 'synthetic', ...training },
      retraining: 't',
      retrain: { policy: 'windows', every_s: 0.2, for_s: 0.1, offset_s: 0 },
    });
    expect(run.epochs_ms).toEqual([420]);
  });

  it('lets workers whose load fails be tried again after longer and longer pauses', async () => {
    // Dies at 4. Loads 24 to 29 (fails), 69 to 74 (fails, the pause was 40), 124 to 129 (the pause was 50, the longest).
    const run = await one([once('kill worker', 4), once('fail load', 10, forMs(100))], [0]);
    expect(answerOf(run, 0)).toBe(139);
  });
});

describe('a site that is lost', () => {
  const two = (faults: Fault[], births: readonly number[], more: Partial<Setup> = {}) =>
    one(faults, births, { sites: { edge: [profileOf({ solo_ms: 10 })], cloud: [profileOf({ solo_ms: 30 })] }, ...more });

  it('sends what it had elsewhere, from the beginning', async () => {
    // The edge has 0 in service and 1 waiting; both go to the cloud at 4, as does what is born at 5. At 100 the edge is back.
    const run = await two([once('lose site', 4, { site: 'edge', ...forMs(96) })], [0, 1, 5, 110]);
    expect([1, 0, 5, 110].map((born) => answerOf(run, born))).toEqual([34, 64, 94, 120]);
    expect([0, 1].map((born) => bornAt(run, born).attempts)).toEqual([2, 2]);
  });

  it('fails what cannot go anywhere', async () => {
    const run = await one([once('lose site', 4, { site: 'edge', ...forMs(10) })], [0, 5, 20]);
    expect([0, 5, 20].map((born) => bornAt(run, born).outcome)).toEqual(['failed', 'failed', 'answered']);
  });

  it('fails what is tried no further', async () => {
    const run = await two([once('lose site', 4, { site: 'edge' })], [0, 1], { supervision: { retries: 0 } });
    expect(run.requests.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
  });

  it('turns away what was on its way to it', async () => {
    const run = await two([once('lose site', 4, { site: 'edge' })], [0], { network: { up: { fixed_ms: 20 } } });
    expect(bornAt(run, 0)).toMatchObject({ outcome: 'answered', attempts: 2, answered_ms: 70 });
  });
});

describe('a link that is cut', () => {
  it('lets what is under way go on later, and what comes wait before it', async () => {
    // Up takes 20. The link stands still from 4 to 54: the first has 16 to go, the second is sent when it is back.
    const run = await one([once('cut link', 4, { direction: 'up', ...forMs(50) })], [0, 30], { network: { up: { fixed_ms: 20 } } });
    expect(answerOf(run, 0)).toBe(80);
    expect(answerOf(run, 30)).toBe(90);
    expect(run.requests.map(({ attempts }) => attempts)).toEqual([1, 1]);
  });

  it('stops answers as well, in the other direction', async () => {
    const run = await one([once('cut link', 4, { direction: 'down', ...forMs(50) })], [0, 100]);
    expect([0, 100].map((born) => answerOf(run, born))).toEqual([54, 110]);
  });

  it('for ever, leaves its requests unfinished', async () => {
    const run = await one([once('cut link', 4, { direction: 'both' })], [0, 30], { measure: { drain_s: 0.1 } });
    expect(run.requests.map(({ outcome }) => outcome)).toEqual(['unfinished', 'unfinished']);
  });

  it('is back when the last of several faults lets it go', async () => {
    const run = await one([once('cut link', 4, { direction: 'both', ...forMs(50) }), once('cut link', 20, { direction: 'up', ...forMs(60) })], [30]);
    expect(answerOf(run, 30)).toBe(90);
  });
});
