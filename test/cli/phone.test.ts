import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { replayServed } from '../../src/experiment/serving/replay-log.js';
import { corun, mistake } from './corun.js';
import { chosen, endAll, HEAVY_MS, LIGHT_MS, link, phoned, serve, simulated, written } from './phones.js';

afterEach(endAll);

const edge = (up: string) => `{ name: edge, accelerators: [ { profile: { name: an edge, models: { heavy: { solo_ms: ${HEAVY_MS}, accuracy: 0.8 }, light: { solo_ms: ${LIGHT_MS}, accuracy: 0.7 } } } } ], network: { up: { normal: ${up} } } }`;
const phone = (soloMs: number, device = '') => `{ name: phone, ${device}accelerators: [ { profile: { name: a phone, models: { small: { solo_ms: ${soloMs}, accuracy: 0.5 } } } } ] }`;

/** One client at a time, so that what the simulation knows when a request arrives is known to the phone before its next one. */
const scenario = (more: { sloMs: number; thinkMs: number; requests: number; seed: number; sites: string; alternative: string }) => `schema: corun/scenario@1
workload:
  - app: camera
    variants: [ { model: heavy, site: edge }, { model: light, site: edge }, { model: small, site: phone } ]
    slo_ms: ${more.sloMs}
    clients: { count: 1, think: fixed, think_ms: ${more.thinkMs}, requests: ${more.requests} }
sites: [ ${more.sites} ]
alternatives:
  - ${more.alternative}
  - { name: edge alone, route: fixed, select: modi, set: { workload.0.variants: [ { model: heavy, site: edge }, { model: light, site: edge } ] } }
seed: ${more.seed}
`;

// The seeds were searched for: with them no decision hangs on less than some tens of ms, which a real link and a busy machine do not add.
const MODI = scenario({ sloMs: 300, thinkMs: 40, requests: 30, seed: 3564, sites: `${phone(120)}, ${edge('{ mean_ms: 230, sd_ms: 90 }')}`, alternative: '{ name: modi, route: { policy: modi, probe_every: 2 }, select: modi, place: all-on-one }' });

it('a phone and an edge over a shaped link choose as the simulation does', async () => {
  const { file, folder } = written(MODI);
  const [expected, alone] = await simulated(file);
  const uploads = alone.map(({ arrived_ms, born_ms }) => arrived_ms - born_ms);

  // What the phone and the edge will know, and how far each decision is from another one.
  let knownMs = 0;
  const margins: number[] = [];
  expected.forEach(({ site, arrived_ms, born_ms }, i) => {
    if (knownMs > 0) margins.push(Math.abs(knownMs + LIGHT_MS - 300));
    if (site === 'phone') return;
    expect(arrived_ms - born_ms).toBeCloseTo(uploads[i], 9);
    margins.push(Math.abs(uploads[i] + HEAVY_MS - 300));
    knownMs = knownMs === 0 ? uploads[i] : knownMs + 0.1 * (uploads[i] - knownMs);
  });
  expect(Math.min(...margins)).toBeGreaterThan(20);
  expect(new Set(chosen(expected)).size).toBe(3);

  const server = await serve([file, '--site', 'edge', '-b', 'fake', '--event-log', join(folder, 'edge.events')]);
  const { url } = await link(server.url, (ordinal) => uploads[ordinal]);
  const { code, requests } = await phoned([file, '--edge', `edge=${url}`, '--event-log', join(folder, 'phone.events')]);
  expect(code).toBe(0);
  expect(chosen(requests)).toEqual(chosen(expected));
  for (const { ordinal, site, uploadMs } of requests) if (site === 'edge') expect(Math.abs(uploadMs! - uploads[ordinal])).toBeLessThan(20);

  expect((await server.stop('SIGTERM')).code).toBe(0);
  for (const log of ['edge.events', 'phone.events']) expect(await replayServed(join(folder, log)), log).not.toHaveProperty('divergedAt');
}, 60_000);

const MDINFERENCE = scenario({ sloMs: 250, thinkMs: 60, requests: 25, seed: 1699, sites: `${edge('{ mean_ms: 130, sd_ms: 90 }')}, ${phone(60, 'device: true, ')}`, alternative: '{ name: mdinference, route: duplicate, select: { policy: mdinference, times: profile }, place: all-on-one }' });

it('a phone that answers as well takes the better answer at the deadline, as the simulation does', async () => {
  const { file } = written(MDINFERENCE);
  const [expected, alone] = await simulated(file);
  const uploads = alone.map(({ arrived_ms, born_ms }) => arrived_ms - born_ms);
  const margins = uploads.flatMap((uploadMs) => {
    const serviceMs = 250 - 2 * uploadMs >= HEAVY_MS ? HEAVY_MS : LIGHT_MS;
    return [Math.abs(2 * uploadMs + HEAVY_MS - 250) / 2, Math.abs(uploadMs + serviceMs - 250)];
  });
  expect(Math.min(...margins)).toBeGreaterThan(15);
  expect(new Set(chosen(expected)).size).toBe(3);

  const server = await serve([file, '--site', 'edge', '-b', 'fake']);
  const { url } = await link(server.url, (ordinal) => uploads[ordinal]);
  const { code, requests } = await phoned([file, '--edge', `edge=${url}`]);
  expect(code).toBe(0);
  expect(chosen(requests)).toEqual(chosen(expected));
  // Whoever answers, the client has its answer by the deadline.
  for (const { endedMs, dueMs } of requests) expect(endedMs! - dueMs).toBeLessThan(270);
}, 60_000);

const STEADY = (duration: number) => `schema: corun/scenario@1
duration_s: ${duration}
workload:
  - { app: camera, slo_ms: 400, variants: [ { model: heavy, site: edge }, { model: small, site: phone } ], arrivals: { process: even, rate_rps: 20 } }
sites: [ ${edge('{ mean_ms: 5, sd_ms: 0 }')}, ${phone(30)} ]
supervision: { retries: 3 }
alternatives: [ { name: a, route: { policy: modi, probe_every: 0 }, place: all-on-one, dispatch: { policy: fcfs, k: 4 }, set: { sites.0.accelerators.0.profile.models.heavy.solo_ms: 40 } } ]
seed: 1
`;

it('while its link is cut the phone answers by itself, and no request is lost', async () => {
  const { file } = written(STEADY(5));
  const server = await serve([file, '--site', 'edge', '-b', 'fake']);
  const shaped = await link(server.url, () => 5);
  const phoning = phoned([file, '--edge', `edge=${shaped.url}`]);
  await shaped.carried(20);
  shaped.setCut(true);
  await later(1500);
  shaped.setCut(false);
  const { code, requests, stderr } = await phoning;
  expect(code).toBe(0);
  expect(requests.map(({ outcome }) => outcome)).toEqual(requests.map(() => 'answered'));
  // Before, during and after.
  expect(requests.map(({ site }) => site).filter((site, i, all) => site !== all[i - 1])).toEqual(['edge', 'phone', 'edge']);
  expect(stderr).toMatch(/site edge does not answer\n[^]*site edge answers again/);
}, 60_000);

it('an edge that is killed and started again is used again, by its new clock', async () => {
  const { file } = written(STEADY(8));
  const first = await serve([file, '--site', 'edge', '-b', 'fake']);
  let to = first.url;
  const shaped = await link(() => to, () => 5);
  const phoning = phoned([file, '--edge', `edge=${shaped.url}`]);
  await shaped.carried(20);
  await first.stop('SIGKILL');
  to = (await serve([file, '--site', 'edge', '-b', 'fake'])).url;
  const { code, requests } = await phoning;
  expect(code).toBe(0);
  expect(requests.map(({ outcome }) => outcome)).toEqual(requests.map(() => 'answered'));
  const at = requests.findIndex(({ site }) => site === 'phone');
  expect(at).toBeGreaterThan(0);
  const again = requests.slice(at).filter(({ site }) => site === 'edge');
  expect(again.length).toBeGreaterThan(10);
  for (const { uploadMs } of again) expect(uploadMs).toBeLessThan(100);
}, 60_000);

it('says what is missing, and how to mend it', async () => {
  const { file } = written(MODI);
  const said = (...args: string[]): string => mistake(corun(['phone', file, '-b', 'fake', ...args]));
  expect(said()).toMatch(/site phone needs its server: start corun serve SCENARIO --site phone, and say --edge phone=.*; or is phone this client\? then say --phone phone/);
  expect(said('--phone', 'phone')).toMatch(/site edge needs its server: .* --edge edge=http/);
  expect(said('--edge', 'egde=http://127.0.0.1:1')).toMatch(/--edge egde: the scenario has no such site; did you mean edge/);
  expect(said('--edge', 'edge=127.0.0.1:1')).toMatch(/--edge edge=127.0.0.1:1: write SITE=URL/);
  expect(said('--edge', 'edge=http://127.0.0.1:1')).toMatch(/nobody answers for site edge at http:\/\/127.0.0.1:1: .*; start it there with corun serve SCENARIO --site edge/);
  expect(mistake(corun(['serve', file, '-b', 'fake']))).toMatch(/2 sites \(phone, edge\), and this machine is one of them: say which with --site/);
  expect(mistake(corun(['serve', file, '-b', 'fake', '--site', 'egde']))).toMatch(/--site egde: the scenario has no such site; did you mean edge/);
  const server = await serve([file, '--site', 'edge', '-b', 'fake']);
  expect(said('--phone', 'edge', '--edge', `phone=${server.url}`)).toMatch(/is site edge, not phone/);
}, 60_000);
