import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FifoLane, OrderedLane, type Lane } from '../../src/control/lane.js';
import { Requests } from '../../src/control/requests.js';
import { NONE } from '../../src/policy/contract.js';

type Step = { push: number } | { remove: number } | 'shift' | 'removeNewest' | 'retry';
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ push: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.constantFrom('shift' as const, 'removeNewest' as const, 'retry' as const) },
  ),
  { maxLength: 120 },
);

/** A lane as a plain list, first to be served first. */
interface Waiting {
  request: number;
  key: number;
  joined: number;
}

/** Follows the steps in the lane and in a list that is sorted by (key, joining), where what is retried joins before all others. */
function follow(lane: Lane, requests: Requests, ordered: boolean, done: Step[]): void {
  let list: Waiting[] = [];
  let joins = 0;
  const sort = () => (list = list.sort((x, y) => (ordered ? x.key - y.key : 0) || x.joined - y.joined));
  for (const step of done) {
    if (step === 'shift') {
      if (list.length > 0) expect(lane.shift()).toBe(list.shift()!.request);
    } else if (step === 'removeNewest') {
      if (list.length > 0) {
        const newest = list.reduce((x, y) => (y.joined > x.joined ? y : x));
        expect(lane.removeNewest()).toBe(newest.request);
        list = list.filter((w) => w !== newest);
      }
    } else if (step === 'retry') {
      if (list.length > 0) {
        const first = list.shift()!;
        expect(lane.shift()).toBe(first.request);
        lane.pushBack(first.request);
        list.unshift({ ...first, joined: -1 });
        // Several that are retried keep the order that they had.
        if (list.filter((w) => w.joined === -1).length > 1) return;
      }
    } else if ('remove' in step) {
      const gone = list[step.remove % 41];
      expect(lane.remove(gone?.request ?? 1_000_000)).toBe(gone !== undefined);
      list = list.filter((w) => w !== gone);
    } else {
      const request = requests.allocate();
      requests.key[request] = step.push;
      lane.push(request);
      list.push({ request, key: step.push, joined: joins++ });
      sort();
    }
    expect(lane.length).toBe(list.length);
    expect(lane.head()).toBe(list[0]?.request ?? NONE);
  }
}

describe('lanes', () => {
  it('first in, first out serves in the order of joining and forgets nobody', () => {
    fc.assert(fc.property(steps, (done: Step[]) => follow(new FifoLane(), new Requests(1), false, done)));
  });

  it('ordered by a key serves the smallest key first, equal ones in the order of joining', () => {
    fc.assert(
      fc.property(steps, (done: Step[]) => {
        const requests = new Requests(1);
        follow(new OrderedLane(requests), requests, true, done);
      }),
    );
  });

  it('first in, first out puts back in front, also when the ring is full', () => {
    const lane = new FifoLane();
    for (let i = 0; i < 16; i++) lane.push(i);
    lane.pushBack(99);
    expect(lane.length).toBe(17);
    expect(Array.from({ length: 17 }, () => lane.shift())).toEqual([99, ...Array(16).keys()]);
    expect(lane.head()).toBe(NONE);
  });

  it('first in, first out wraps around without end', () => {
    const lane = new FifoLane();
    for (let i = 0; i < 10; i++) lane.push(i);
    for (let i = 10; i < 1000; i++) {
      expect(lane.shift()).toBe(i - 10);
      lane.push(i);
    }
    expect(lane.length).toBe(10);
  });
});
