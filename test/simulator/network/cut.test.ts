import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkSpec } from '../../../src/simulator/network/spec.js';
import { app, fixed, rate, recorded, rig } from './rig.js';

describe('a cut link, by hand', () => {
  it('stops delays, which go on with what was left of them', () => {
    const { network, send, until, ends } = rig({ apps: [app({ up: fixed(10) })] });
    send('up', 0);
    send('up', 4);
    until(6);
    network.cut(0, 'up', 6);
    expect([network.nextMs, network.moving, network.length]).toEqual([Infinity, 0, 2]);
    send('up', 7);
    network.restore(0, 'up', 100);
    until(1000);
    expect(ends).toEqual([[0, 104], [1, 108], [2, 110]]);
  });

  it('stops the queue before a rate in the middle of a message, and keeps its order', () => {
    const { network, send, until, ends } = rig({ apps: [app({ up: rate(12, { delayMs: () => 5 }), cell: 'a', uploadBytes: 15_000 })] });
    send('up', 0);
    send('up', 0);
    // At 12 the first has passed the queue and has 3 ms of delay left; of the second 8 of 10 ms are left.
    network.cut(0, 'up', 12);
    send('up', 20);
    network.restore(0, 'up', 50);
    until(1000);
    expect(ends).toEqual([[0, 53], [1, 63], [2, 73]]);
  });

  it('loses the recorded opportunities that pass meanwhile, and goes on with those that follow', () => {
    const { network, send, until, ends } = rig({ apps: [app({ up: recorded([10, 20, 30, 40, 50, 60, 70]), cell: 'a', uploadBytes: 4000 })] });
    send('up', 0);
    send('up', 0);
    // Without the cut: 4,000 bytes by 30, with 500 of that opportunity for the second, which needs 40, 50 and 60.
    network.cut(0, 'up', 25);
    // 1,000 bytes of the first are left. It needs the opportunity at 50, and the second the rest of it, 60, 70 and 80.
    network.restore(0, 'up', 45);
    until(1000);
    expect(ends).toEqual([[0, 50], [1, 80]]);
  });

  it('holds what comes at a site that is cut, and lets pass what goes elsewhere', () => {
    const { network, send, until, ends } = rig({ apps: [app({ up: rate(12), cell: 'a' })], sites: [{}, {}] });
    network.cut(0, 'up', 0);
    send('up', 0, 0, 0);
    send('up', 0, 0, 1);
    until(100);
    expect(ends).toEqual([[1, 2]]);
    expect(network.length).toBe(1);
    network.restore(0, 'up', 100);
    until(100);
    expect(ends).toEqual([[1, 2], [0, 100]]);
    expect(network.length).toBe(0);
  });

  it('cuts one direction only, and takes time even where there were no links', () => {
    const { network, send, until, ends } = rig({});
    network.cut(0, 'down', 1);
    expect(network.isFree).toBe(false);
    send('up', 2);
    send('down', 3);
    expect(ends).toEqual([[0, 2]]);
    network.restore(0, 'down', 9);
    until(9);
    expect(ends).toEqual([[0, 2], [1, 9]]);
    expect(network.isFree).toBe(true);
  });

  it('a second cut or restoration of the same link changes nothing', () => {
    const { network, send, until, ends } = rig({ apps: [app({ up: fixed(10) })] });
    send('up', 0);
    network.restore(0, 'up', 1);
    network.cut(0, 'up', 2);
    network.cut(0, 'up', 5);
    network.restore(0, 'up', 6);
    network.restore(0, 'up', 7);
    until(100);
    expect(ends).toEqual([[0, 14]]);
  });

  it('counts what stands before a cut link as its queue', () => {
    const { network, send, until, ends } = rig({ apps: [app({ up: rate(12, { queuePackets: 2 }), cell: 'a' })] });
    network.cut(0, 'up', 0);
    for (let i = 0; i < 3; i++) send('up', 1);
    until(1);
    expect(ends).toEqual([[2, 'lost']]);
    network.restore(0, 'up', 10);
    until(100);
    expect(ends).toEqual([[2, 'lost'], [0, 11], [1, 12]]);
  });
});

interface Step {
  gapMs: number;
  bytes: number;
}

const steps = fc.array(fc.record({ gapMs: fc.nat(20), bytes: fc.integer({ min: 1, max: 6000 }) }), { minLength: 1, maxLength: 20 });
const cuts = fc.array(fc.record({ gapMs: fc.nat(40), forMs: fc.integer({ min: 1, max: 40 }) }), { maxLength: 4 });
const specs = fc.constantFrom<LinkSpec>(fixed(7), rate(3, { delayMs: () => 4 }), recorded([1, 3, 3, 9, 20], { delayMs: () => 2 }), recorded([5]));

/** Sends messages of different apps (they differ in bytes) over one shared link with cuts in between. */
function run(spec: LinkSpec, messages: readonly Step[], cutAt: readonly { gapMs: number; forMs: number }[]) {
  const its = rig({ apps: messages.map(({ bytes }) => app({ up: spec, cell: 'a', uploadBytes: bytes })) });
  const happenings: [number, () => void][] = [];
  let atMs = 0;
  const sentMs = messages.map(({ gapMs }) => (atMs += gapMs));
  sentMs.forEach((ms, i) => happenings.push([ms, () => its.send('up', ms, i)]));
  let cutMs = 0;
  let cutForMs = 0;
  for (const { gapMs, forMs } of cutAt) {
    const from = cutMs + gapMs;
    const to = from + forMs;
    happenings.push([from, () => its.network.cut(0, 'up', from)], [to, () => its.network.restore(0, 'up', to)]);
    cutMs = to + 1;
    cutForMs += forMs;
  }
  happenings.sort(([a], [b]) => a - b);
  for (const [ms, happen] of happenings) {
    its.until(ms);
    happen();
  }
  its.until(Infinity === its.network.nextMs ? 0 : 1e9);
  const endMs = new Map(its.ends as [number, number][]);
  return { network: its.network, sentMs, endMs: messages.map((_, i) => endMs.get(i)!), cutForMs, ends: its.ends };
}

describe('a link that is cut now and then', () => {
  it('brings everything over, once, in order, never earlier than without the cuts, and a delay or rate no later than by their length', () => {
    fc.assert(
      fc.property(specs, steps, cuts, (spec, messages, cutAt) => {
        const calm = run(spec, messages, []);
        const cut = run(spec, messages, cutAt);
        expect(cut.ends.length).toBe(messages.length);
        expect(new Set(cut.ends.map(([request]) => request)).size).toBe(messages.length);
        expect(cut.network.length).toBe(0);
        cut.endMs.forEach((ms, i) => {
          expect(ms).toBeGreaterThanOrEqual(calm.endMs[i] - 1e-9);
          if (i > 0) expect(ms).toBeGreaterThanOrEqual(cut.endMs[i - 1] - 1e-9);
          const isRecorded = spec.bottleneck !== undefined && 'recording' in spec.bottleneck;
          if (!isRecorded) expect(ms).toBeLessThanOrEqual(calm.endMs[i] + cut.cutForMs + 1e-9);
        });
      }),
      { numRuns: 300 },
    );
  });
});
