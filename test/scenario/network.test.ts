import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { directoryOf, profile } from './files.js';

const scenario = `schema: corun/scenario@1
duration_s: 60
workload:
  - { app: plants, model: resnet50, arrivals: { process: poisson, rate_rps: 1 }, cell: north, image: { width: 640, height: 480 } }
  - { app: faces, model: resnet50, arrivals: { process: poisson, rate_rps: 1 }, upload_bytes: 20000 }
network:
  up: { trace: lte.up, fixed_ms: 15, queue_packets: 250 }
  down: { survival: [[10, 1], [20, 0.5], [90, 0]], rate_mbps: 20 }
  cells: { north: { down: { survival: north.csv } } }
  between_sites: { fixed_ms: 5 }
sites:
  - name: edge
    accelerators: [{ profile: toy.json }]
    network: { up: { fixed_ms: 3 } }
`;
const files = { 'toy.json': profile, 'lte.up': '1\n2\n', 'north.csv': 'ms,share\n10,1\n30,0\n' };

async function resolved(text: string, more: Record<string, string> = {}): Promise<{ scenario: Scenario; directory: string }> {
  const directory = directoryOf({ ...files, ...more, 's.yaml': text });
  const [alternative] = await resolveAlternatives(await loadScenario(`${directory}/s.yaml`));
  return { scenario: alternative.scenario, directory };
}

it('a network is read: paths made absolute, tables read, sizes with their defaults', async () => {
  const its = (await resolved(scenario)).scenario;
  expect(its.network).toEqual({
    up: { trace: expect.stringMatching(/^\/.*\/lte\.up$/), fixed_ms: 15, queue_packets: 250 },
    down: { survival: [[10, 1], [20, 0.5], [90, 0]], rate_mbps: 20 },
    cells: { north: { down: { survival: [[10, 1], [30, 0]] } } },
    between_sites: { fixed_ms: 5 },
  });
  expect(its.sites[0].network).toEqual({ up: { fixed_ms: 3 } });
  expect(its.workload[0]).toMatchObject({ cell: 'north', image: { width: 640, height: 480, encoding: 'jpeg', quality: 75 } });
  expect(its.workload[1]).toMatchObject({ upload_bytes: 20_000 });
});

it('a recording that is replayed from its beginning is not a steady state, one that begins anywhere may be', async () => {
  expect((await resolved(scenario)).scenario.measure.warm_up).toBe('none');
  expect((await resolved(scenario.replace('trace: lte.up,', 'trace: lte.up, start: random,'))).scenario.measure.warm_up).toBe('auto');
});

async function told(from: string, to: string, more: Record<string, string> = {}): Promise<string> {
  if (!scenario.includes(from)) throw new Error(`the valid scenario has no ${from}`);
  const error = await resolved(scenario.replace(from, to), more).then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InputError)) throw error;
  return error.message.replaceAll(/\S*corun-scenario-[^/]*\//g, '');
}

describe('one mistake, one sentence that mends it', () => {
  it.each([
    ['trace: lte.up, ', 'trace: lte.up, rate_mbps: 3, ', 's.yaml:7:16: network.up.trace: at most one of rate_mbps, trace is possible, found rate_mbps and trace'],
    ['rate_mbps: 20', 'normal: { mean_ms: 1, sd_ms: 1 }', 's.yaml:8:21: network.down.survival: at most one of fixed_ms, normal, survival is possible, found normal and survival'],
    ['{ fixed_ms: 5 }', '{}', 's.yaml:10:18: network.between_sites: at least one of fixed_ms, normal, survival, rate_mbps, trace is needed'],
    ['{ fixed_ms: 3 }', '{ fixd_ms: 3 }', 's.yaml:14:22: sites.0.network.up.fixd_ms: unknown field; did you mean fixed_ms?'],
    ['rate_mbps: 20', 'rate_mbps: 20 kbps', 's.yaml:8:63: network.down.rate_mbps: found "20 kbps", a number of megabits per second is needed, e.g. 0.02'],
    ['rate_mbps: 20', 'start: random', 's.yaml:8:59: network.down.start: only a recording has a place to start at; add trace, or remove start'],
    ['{ fixed_ms: 3 }', '{ fixed_ms: 3, queue_packets: 2 }', 's.yaml:14:50: sites.0.network.up.queue_packets: nothing queues before a link without rate_mbps or trace'],
    ['[20, 0.5]', '[20, 1.5]', 's.yaml:8:31: network.down.survival.1: found the share 1.5, a fraction from 0 to 1 is needed'],
    ['[20, 0.5]', '[20, half]', 's.yaml:8:36: network.down.survival.1.1: found "half", a number'],
    ['survival: north.csv', 'survival: nort.csv', 's.yaml:9:39: network.cells.north.down.survival: nort.csv: the survival table cannot be read: there is no file'],
    ['trace: lte.up', 'trace: lt.up', 's.yaml:7:16: network.up.trace: there is no file lt.up; the path is relative to the scenario'],
    ['cells: { north', 'cells: { nort', 's.yaml:9:12: network.cells.nort: no app is in the cell "nort"; did you mean north? (cells of apps: north)'],
    ['upload_bytes: 20000', 'upload_bytes: 20000, image: { width: 1, height: 1 }', 's.yaml:5:95: workload.1.upload_bytes: the bytes follow from image already; remove one of the two'],
    [', upload_bytes: 20000', '', 's.yaml:5:5: workload.1: how long app faces needs for an uplink with rate_mbps or trace depends on its bytes; add image: { width: …, height: … } or upload_bytes: …'],
    ['height: 480', 'hight: 480', 's.yaml:4:116: workload.0.image.hight: unknown field; did you mean height?'],
    ['height: 480', 'height: 480, encoding: jpg', 's.yaml:4:139: workload.0.image.encoding: found "jpg"; did you mean jpeg? (allowed: jpeg, webp, png, raw)'],
    ['height: 480', 'height: 480, quality: 0', 's.yaml:4:138: workload.0.image.quality: found 0, a whole number of at least 1 and of at most 100 is needed'],
  ])('%s → %s', async (from, to, message) => {
    expect(await told(from, to)).toContain(message);
  });

  it('a limit on a queue that cannot form is told', async () => {
    expect(await told('cell: north, ', '')).toContain('s.yaml:9:12: network.cells.north: no app is in the cell "north" (no app has a cell; write cell: north for an app)');
    expect(await told('cell: north, ', '')).toContain('s.yaml:7:53: network.up.queue_packets: no queue forms on the link of a single phone; write cell: … for the apps whose phones share one');
  });

  it('a warm-up where a recording is replayed is told', async () => {
    expect(await told('duration_s: 60', 'duration_s: 60\nmeasure: { warm_up: auto }')).toBe(
      's.yaml:3:21: measure.warm_up: nothing is cut where network.up replays a recording from its beginning; write start: random there, or warm_up: none, or leave it out',
    );
  });

  it('a table in a file that is wrong is told with its place there', async () => {
    expect(await told('rate_mbps: 20', 'rate_mbps: 20', { 'north.csv': 'ms,share\n10,1\n30,0.2\n' })).toContain('network.cells.north.down.survival: north.csv:3:1: the last share is 0.2, and must be 0');
  });

  it('a stage that hands on an unknown number of bytes over a bottleneck is told', async () => {
    const staged = scenario.replace('app: plants, model: resnet50,', 'app: plants, stages: [{ model: resnet50 }, { model: vgg16 }],').replace('between_sites: { fixed_ms: 5 }', 'between_sites: { rate_mbps: 5 }');
    await expect(resolved(staged)).rejects.toThrow(/workload\.0\.stages\.0: what this stage hands on .* add output_bytes/);
  });
});
