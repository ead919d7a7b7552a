import { expect, it } from 'vitest';
import type { Control } from '../../../src/control/control.js';
import { Requests } from '../../../src/control/requests.js';
import { RequestDraws } from '../../../src/simulator/request-draws.js';
import type { Source } from '../../../src/simulator/sources.js';
import { app, fixed } from './rig.js';

const drawn = fixed(0, { isDelayDrawn: true });
const UP = 0;
const DOWN = 1;

/** Draws of the first requests of one open stream; `again` are ordinals that are uploaded a second time before the next is born. */
function drawsOf(count: number, again: readonly number[] = []): { first: number[][]; repeated: number[] } {
  const requests = new Requests(1);
  const control = { requests, system: { apps: [{ name: 'a', stages: [{ model: 'm', sites: [0] }] }] }, laneSpecs: [] } as unknown as Control;
  const source = { app: 0, senders: 1 } as Source;
  const spec = { apps: [app({ up: drawn, down: drawn })], sites: [{ up: drawn, down: drawn }] };
  const draws = new RequestDraws(control, [], [source], 1, 0, spec);
  const first: number[][] = [];
  const repeated: number[] = [];
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const request = requests.allocate();
    requests.ordinal[request] = ordinal;
    requests.app[request] = requests.stage[request] = requests.attempts[request] = 0;
    draws.born(request, 0, -1);
    first.push([draws.accessOf(request, UP), draws.siteOf(request, UP), draws.accessOf(request, DOWN), draws.siteOf(request, DOWN)]);
    if (!again.includes(ordinal)) continue;
    requests.attempts[request] = 1;
    repeated.push(draws.accessOf(request, UP), draws.siteOf(request, UP));
    expect([draws.accessOf(request, DOWN), draws.siteOf(request, DOWN)]).toEqual(first[ordinal].slice(2));
  }
  return { first, repeated };
}

it('a request that is uploaded again has draws of its own, which move no others', () => {
  const calm = drawsOf(20);
  const { first, repeated } = drawsOf(20, [3, 7]);
  expect(first).toEqual(calm.first);
  const all = [...first.flat(), ...repeated];
  expect(new Set(all).size).toBe(all.length);
  expect(drawsOf(20, [7]).repeated).toEqual(repeated.slice(2));
});
