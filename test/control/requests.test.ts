import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enlarged, Requests } from '../../src/control/requests.js';

describe('the table of requests', () => {
  it('needs no more rows than there are requests at once', () => {
    const requests = new Requests(1);
    const open: number[] = [];
    for (let i = 0; i < 100_000; i++) {
      open.push(requests.allocate());
      if (open.length > 200) requests.release(open.shift()!);
    }
    expect(requests.capacity).toBe(256);
  });

  it('never gives an id to two requests, and lists those that are alive', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(400), { nil: undefined }), { maxLength: 600 }), (releases) => {
        const requests = new Requests(2);
        const alive = new Set<number>();
        for (const release of releases) {
          if (release === undefined) {
            const id = requests.allocate();
            expect(alive.has(id)).toBe(false);
            alive.add(id);
          } else if (alive.delete(release)) requests.release(release);
        }
        expect([...requests]).toEqual([...alive].sort((x, y) => x - y));
      }),
    );
  });

  it('keeps what was written when it grows, also the paths of several stages', () => {
    const requests = new Requests(3);
    for (let i = 0; i < 1000; i++) {
      const id = requests.allocate();
      requests.bornMs[id] = i / 8;
      requests.app[id] = i;
      for (let stage = 0; stage < 3; stage++) requests.path[3 * id + stage] = 10 * i + stage;
    }
    expect(requests.capacity).toBe(1024);
    let i = 0;
    for (const id of requests) {
      expect([requests.bornMs[id], requests.app[id], ...requests.path.subarray(3 * id, 3 * id + 3)]).toEqual([i / 8, i, 10 * i, 10 * i + 1, 10 * i + 2]);
      i++;
    }
    expect(i).toBe(1000);
  });

  it('columns keep their type when they get longer', () => {
    expect(enlarged(Float64Array.of(1.5, 2.5), 4)).toEqual(Float64Array.of(1.5, 2.5, 0, 0));
    expect(enlarged(Int32Array.of(7), 2)).toEqual(Int32Array.of(7, 0));
  });
});
