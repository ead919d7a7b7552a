import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateBottleneck, RecordedBottleneck } from '../../../src/simulator/network/bottleneck.js';
import { readMahimahi } from '../../../src/trace/network/mahimahi.js';
import { PACKET_BYTES, Recording } from '../../../src/trace/network/recording.js';
import { describeWithSharedData, sharedData } from '../../shared-data.js';

const recording = (...timeMs: number[]): Recording => new Recording(Float64Array.from(timeMs));

interface Message {
  bytes: number;
  atMs: number;
}

/** mahimahi's link, byte by byte, as its `rationalize` does it: every opportunity is looked at, used or not. */
function packetByPacket(opportunities: Recording, messages: readonly Message[]): number[] {
  const ends = messages.map(() => NaN);
  const left = messages.map(({ bytes }) => bytes);
  let joined = 0;
  let head = 0;
  for (let k = 0; head < messages.length; k++) {
    const timeMs = opportunities.at(k);
    while (joined < messages.length && messages[joined].atMs < timeMs) joined++;
    let budget = PACKET_BYTES;
    while (budget > 0 && head < joined) {
      const used = Math.min(budget, left[head]);
      budget -= used;
      left[head] -= used;
      if (left[head] === 0) ends[head++] = timeMs;
    }
  }
  return ends;
}

const recordings = fc.array(fc.nat(6), { minLength: 1, maxLength: 15 }).map((steps) => {
  let timeMs = 0;
  return new Recording(Float64Array.from([...steps, 1], (step) => (timeMs += step)));
});

const streams = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 9000 }), gapMs: fc.oneof(fc.constant(0), fc.nat(12), fc.double({ min: 0, max: 12, noNaN: true })) }), { minLength: 1, maxLength: 25 }).map((steps) => {
  let atMs = 0;
  return steps.map(({ bytes, gapMs }): Message => ({ bytes, atMs: (atMs += gapMs) }));
});

describe('recorded bottleneck, by hand', () => {
  it('a packet crosses at the first opportunity after it, not at one of the same moment', () => {
    const link = new RecordedBottleneck(recording(5, 8, 20), 0);
    expect(link.enter(1500, 5)).toBe(8);
  });

  it('several packets in one ms, and the file anew after its last time', () => {
    // 0 3 3 10 | 10 13 13 20: five packets at 0 use 3, 3, 10, 10 and 13.
    const link = new RecordedBottleneck(recording(0, 3, 3, 10), 0);
    expect(link.enter(5 * 1500, 0)).toBe(13);
    expect(link.enter(1, 12)).toBe(13);
    expect(link.enter(1, 13)).toBe(20);
  });

  it('what a message leaves of an opportunity goes to one that waits, and is lost if none does', () => {
    const opportunities = recording(10, 20, 30, 40);
    const waiting = new RecordedBottleneck(opportunities, 0);
    expect([waiting.enter(1000, 0), waiting.enter(500, 9), waiting.enter(1, 9.5)]).toEqual([10, 10, 20]);
    const late = new RecordedBottleneck(opportunities, 0);
    expect([late.enter(1000, 0), late.enter(500, 10), late.enter(1000, 11), late.enter(1, 12)]).toEqual([10, 20, 20, 30]);
  });

  it('begins anywhere in the recording', () => {
    expect(new RecordedBottleneck(recording(5, 8, 20), 7).enter(1500, 0)).toBe(1);
    expect(new RecordedBottleneck(recording(5, 8, 20), 19).enter(3000, 2)).toBe(9);
  });

  it('knows what waits', () => {
    const link = new RecordedBottleneck(recording(10, 20, 30, 40), 0);
    link.enter(4000, 0);
    expect([0, 9.9, 10, 20, 29.9, 30].map((ms) => link.backlogBytes(ms))).toEqual([4000, 4000, 2500, 1000, 1000, 0]);
  });
});

describe('recorded bottleneck', () => {
  it('ends every message when mahimahi’s link, looked at packet by packet, does', () => {
    fc.assert(
      fc.property(recordings, streams, (opportunities, messages) => {
        const link = new RecordedBottleneck(opportunities, 0);
        expect(messages.map(({ bytes, atMs }) => link.enter(bytes, atMs))).toEqual(packetByPacket(opportunities, messages));
      }),
      { numRuns: 500 },
    );
  });

  it('is first come, first served, carries no byte before its opportunity, and no more than there were', () => {
    fc.assert(
      fc.property(recordings, streams, (opportunities, messages) => {
        const link = new RecordedBottleneck(opportunities, 0);
        let before = 0;
        let carried = 0;
        for (const { bytes, atMs } of messages) {
          const endMs = link.enter(bytes, atMs);
          expect(endMs).toBeGreaterThanOrEqual(before);
          expect(opportunities.firstAfter(endMs) - opportunities.firstAfter(atMs)).toBeGreaterThanOrEqual(Math.ceil(bytes / PACKET_BYTES));
          carried += bytes;
          expect(carried).toBeLessThanOrEqual(PACKET_BYTES * opportunities.firstAfter(endMs));
          before = endMs;
        }
      }),
    );
  });

  it('the backlog after a message entered is at least that message, and nothing when the last one has passed', () => {
    fc.assert(
      fc.property(recordings, streams, (opportunities, messages) => {
        const link = new RecordedBottleneck(opportunities, 0);
        for (const { bytes, atMs } of messages) {
          const backlog = link.backlogBytes(atMs);
          const endMs = link.enter(bytes, atMs);
          expect(link.backlogBytes(atMs)).toBe(backlog + bytes);
          expect(link.backlogBytes(endMs)).toBe(0);
        }
      }),
    );
  });
});

describe('bottleneck with a rate', () => {
  it('takes 8 B / rate per message, one after the other', () => {
    // 12 Mbit/s are 1,500 bytes per ms.
    const link = new RateBottleneck(12);
    expect([link.enter(3000, 0), link.enter(1500, 1), link.enter(1500, 10)]).toEqual([2, 3, 11]);
    expect(link.backlogBytes(10.5)).toBe(750);
  });

  it('and a recording of one packet per ms differ by less than that ms while the queue lasts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 25 }), (sizes) => {
        const [rate, recorded] = [new RateBottleneck(12), new RecordedBottleneck(recording(1), 0)];
        for (const bytes of sizes) {
          const late = recorded.enter(bytes, 0) - rate.enter(bytes, 0);
          expect(late).toBeGreaterThan(-1e-9);
          expect(late).toBeLessThan(1);
        }
      }),
    );
  });
});

describeWithSharedData('a minute of a published recording', () => {
  it.each(['ATT-LTE-driving-2016', 'TMobile-LTE-short', 'Verizon-EVDO-driving', 'Verizon-LTE-short'])('%s: a link that is never idle delivers 1,500 bytes per opportunity', async (name) => {
    for (const direction of ['up', 'down']) {
      const opportunities = await readMahimahi(sharedData(`network/${name}.${direction}`));
      // Counted from the recording, not by the search that the link uses.
      let inMinute = 0;
      while (opportunities.at(inMinute) <= 60_000) inMinute++;
      const atStart = opportunities.firstAfter(0);
      for (const bytes of [400, 1500, 37_000]) {
        const link = new RecordedBottleneck(opportunities, 0);
        let delivered = 0;
        while (link.enter(bytes, 0) <= 60_000) delivered += bytes;
        expect(delivered).toBeLessThanOrEqual(PACKET_BYTES * (inMinute - atStart));
        expect(delivered).toBeGreaterThan(PACKET_BYTES * (inMinute - atStart) - bytes);
      }
    }
  });
});
