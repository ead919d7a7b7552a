import { expect, it } from 'vitest';
import { Control } from '../../src/control/control.js';
import type { Driver, Observer } from '../../src/control/driver.js';
import { Outcome } from '../../src/control/driver.js';
import { systemOf, hire, definitionsOf } from '../../src/experiment/assemble.js';
import { alternative, type Setup } from '../simulator/alternative.js';

/** A phone with a small model, and an edge elsewhere with a large one; everything that is commanded or ends. */
async function phone(more: Partial<Setup> = {}) {
  const setup = alternative({
    workload: [{ app: 'a', stages: [{ model: 'large', variants: [{ model: 'large' }, { model: 'small' }] }], arrivals: { process: 'even', rate_rps: 1 } }],
    sites: { edge: [{ name: 'e', models: { large: { solo_ms: 10, accuracy: 0.8 } } }], phone: [{ name: 'p', models: { small: { solo_ms: 20, accuracy: 0.5 } } }] },
    durationS: 1,
    supervision: { retries: 1 },
    ...more,
  });
  const whole = systemOf(setup);
  const system = { ...whole, sites: whole.sites.map((site) => (site.name === 'edge' ? { ...site, elsewhere: true } : site)) };
  const said: string[] = [];
  const nothing = (): void => {};
  const driver: Driver & Observer = {
    upload: (_request, site) => (said.push(`upload to ${system.sites[site].name}`), system.sites[site].elsewhere !== true),
    forward: () => true,
    answer: () => true,
    duplicated: () => void said.push('duplicated'),
    start: (worker) => void said.push(`start ${control.laneSpecs[control.workers[worker].lane].model}`),
    load: (worker) => void said.push(`load ${control.laneSpecs[control.workers[worker].lane].model}`),
    kill: nothing,
    train: nothing,
    pause: nothing,
    deploy: nothing,
    discard: nothing,
    notice: nothing,
    wake: nothing,
    ended: (_request, outcome) => void said.push(Object.keys(Outcome)[outcome]),
  };
  const control: Control = new Control(system, hire(setup, system, await definitionsOf(setup), 1, 0), driver, driver);
  expect(control.begin()).toEqual([]);
  const lane = (model: string): number => control.laneSpecs.findIndex((spec) => spec.model === model);
  const ask = (nowMs: number, sloMs = 100): number => {
    const request = control.born(0, 0, sloMs, nowMs);
    control.route(request);
    return request;
  };
  return { control, said, lane, ask, taken: () => said.splice(0) };
}

it('loads only what is here, and hears of the rest', async () => {
  const { control, said, lane } = await phone();
  expect(said).toEqual(['load small']);
  expect(control.loadedWorkers[lane('large')]).toBe(0);
  control.elsewhere.loaded(lane('large'), 2);
  control.elsewhere.takes(lane('large'), 12);
  control.elsewhere.isRight(lane('large'), 0.9);
  expect([control.loadedWorkers[lane('large')], control.measuredMs[lane('large')], control.accuracy[lane('large')]]).toEqual([2, 12, 0.9]);
});

it('a request that was sent there ends with what comes back', async () => {
  const { control, lane, ask, taken } = await phone({ route: 'fixed' });
  taken();
  control.elsewhere.answered(ask(0), lane('large'), 30);
  control.elsewhere.rejected(ask(40), 50);
  expect(taken()).toEqual(['upload to edge', 'answered', 'upload to edge', 'rejected']);
  control.elsewhere.uploadTook(0, 0, 7);
  control.elsewhere.uploadTook(0, 0, 17);
  expect(control.uploadMs[0]).toBe(8);
  control.close(60, 0);
});

it('one that is turned back is sent again as often as it may be, and not to a site that is lost', async () => {
  const { control, ask, taken } = await phone({ route: 'fixed' });
  taken();
  const request = ask(0);
  control.elsewhere.turnedBack(request, 5);
  control.elsewhere.turnedBack(request, 9);
  expect(taken()).toEqual(['upload to edge', 'upload to edge', 'failed']);
  const other = ask(10);
  control.siteLost(0, 12);
  control.elsewhere.turnedBack(other, 13);
  expect(taken()).toEqual(['upload to edge', 'upload to phone', 'start small']);
  control.finished(0, 30);
  expect(taken()).toEqual(['answered']);
  control.close(40, 0);
});

it('of two legs the one elsewhere may come too late, and is thrown away, or is under way when the run ends', async () => {
  const { control, lane, ask, taken } = await phone({ route: { policy: 'duplicate', answer: 'first' }, devices: ['phone'] });
  expect(taken()).toEqual(['load small']);
  const request = ask(0);
  expect(taken()).toEqual(['duplicated', 'upload to edge', 'upload to phone', 'start small']);
  control.finished(0, 20);
  expect(taken()).toEqual(['answered']);
  control.elsewhere.answered(request, lane('large'), 30);
  expect(taken()).toEqual([]);
  ask(50);
  control.finished(0, 70);
  control.close(80, 1);
});

it('this phone runs one request at a time', async () => {
  const { control, ask, taken } = await phone({ route: 'on-device', devices: ['phone'] });
  taken();
  ask(0);
  ask(5);
  expect(taken()).toEqual(['upload to phone', 'start small', 'upload to phone']);
  control.finished(0, 20);
  expect(taken()).toEqual(['answered', 'start small']);
  control.finished(0, 40);
  control.close(50, 0);
});

it('a request of another process has been on its way since it was born', async () => {
  const { control, taken } = await phone({ route: 'on-device', devices: ['phone'] });
  taken();
  const request = control.born(0, 0, 100, 50, 20);
  control.route(request);
  expect([control.requests.bornMs[request], control.requests.deadlineMs[request], control.requests.sentMs[request], control.requests.arrivedMs[request]]).toEqual([20, 120, 20, 50]);
  control.finished(0, 70);
  // The books hold: they have the time from 50, and know that the request does not.
  control.close(80, 0);
  expect(() => control.books.birth(10, 11)).toThrow(/causal/);
});
