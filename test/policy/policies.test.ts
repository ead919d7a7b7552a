import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import type { DecisionKind, PolicyDefinition } from '../../src/policy/contract.js';
import { policies } from '../../src/policy/policies.js';
import { alternative, profileOf, type Setup } from '../simulator/alternative.js';
import { runGuarded } from './guarded.js';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const kinds = Object.keys(policies) as DecisionKind[];
const all = kinds.flatMap((kind) => Object.entries(policies[kind] as Record<string, PolicyDefinition>).map(([key, policy]) => ({ kind, key, policy, path: `${kind}/${key}` })));
type OptionSchema = { type: string; additionalProperties: unknown; properties: Record<string, { description?: string }> };

/** What a placement that gives shares needs to know. */
const shares = { percent: [10, 20, 50, 100], stretch: [3, 2, 1.2, 1] };

/** Two sites with two GPUs each, three apps, retraining, contention: enough for every policy to have something to do. */
const busy = (change: Partial<Setup>): Setup => {
  const models = { m: { solo_ms: 8, spread: { distribution: 'exponential' as const }, memory_mib: 1000, load_ms: 20 }, n: { solo_ms: 5, memory_mib: 500, host_ms: 1 } };
  const profile = {
    name: 'busy',
    models,
    training: { t: { batch: 16, epoch_s: 0.2, memory_mib: 1000, slice: { busy: 0.5, length_ms: 3 } } },
    accelerator: { name: 'busy', memory_mib: 9000 },
    shares,
    contention: {
      model: 'table' as const,
      inference: { jobs: [1, 2, 4], slowdown: [1, 1.4, 2.5] },
      inference_beside_training: { t: 1.2 },
      training: { t: { jobs: [0, 1, 4], slowdown: [1, 1.1, 2] } },
    },
  };
  return {
    workload: [
      { app: 'plants', stages: [{ model: 'm', variants: [{ model: 'm', accuracy: 0.8 }, { model: 'n', accuracy: 0.6 }] }], slo_ms: 40, arrivals: { process: 'gamma', rate_rps: 60, cv: 2, requests: 200 } },
      { app: 'faces', stages: [{ model: 'n', site: 'edge' }, { model: 'm', site: 'annex' }], slo_ms: 80, arrivals: { process: 'poisson', rate_rps: 50, requests: 200 } },
      { app: 'batch', stages: [{ model: 'n' }], clients: { count: 3, think_ms: 10, think: 'exponential', retry_after_ms: 20 } },
    ],
    sites: { edge: Array.from({ length: 4 }, () => profile), annex: Array.from({ length: 4 }, () => profile) },
    retraining: 't',
    route: 'spread',
    extrapolation: 'label',
    durationS: 2,
    ...change,
  };
};

describe('the map', () => {
  it('has every file under src/policy that defines a policy, and no other', () => {
    for (const kind of kinds) {
      const files = readdirSync(root(`src/policy/${kind}`)).filter((file) => readFileSync(root(`src/policy/${kind}/${file}`), 'utf8').includes('definePolicy<'));
      expect(files.map((file) => file.replace(/\.ts$/, '')).sort(), kind).toEqual(Object.keys(policies[kind]).sort());
    }
  });

  it('is what the default of each decision is taken from', () => {
    expect(policies.route).toHaveProperty('fixed');
    expect(policies.dispatch).toHaveProperty('fcfs');
    expect(policies.retrain).toHaveProperty('continuous');
    expect(policies.retrain).toHaveProperty('never');
    expect(policies.place).toHaveProperty('all-on-one');
  });
});

describe.each(all)('$path', ({ kind, key, policy, path }) => {
  const schema = policy.options as OptionSchema;

  it('is named as in the map and as its file, and says what it does and whence', () => {
    expect(policy.name).toBe(key);
    expect(policy.decision).toBe(kind);
    expect(policy.about).toMatch(/^[A-Z].*\.$/);
    expect(policy.source).not.toBe('');
    expect(existsSync(root(`src/policy/${path}.ts`))).toBe(true);
  });

  it('has a test of its own', () => {
    expect(existsSync(root(`test/policy/${path}.test.ts`)), `test/policy/${path}.test.ts`).toBe(true);
  });

  it('has options that are closed and described', () => {
    expect(schema.type).toBe('object');
    expect(schema.additionalProperties).toBe(false);
    for (const [option, { description }] of Object.entries(schema.properties)) {
      expect(option, 'snake case').toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(description, option).toBeTruthy();
    }
    expect(schema).toMatchSnapshot();
  });

  it('has a page that tells when to use it, and every option', () => {
    const page = readFileSync(root(`docs/policies/${path}.md`), 'utf8');
    const headings = page.split('\n').filter((line) => line.startsWith('#'));
    expect(headings[0]).toBe(`# ${key}`);
    for (const heading of ['## Options', '## When to use it', '## When not to use it', '## Source']) expect(headings).toContain(heading);
    const options = page.slice(page.indexOf('## Options'), page.indexOf('## When to use it'));
    for (const option of Object.keys(schema.properties)) expect(options).toContain(`\`${option}\``);
    const rows = [...options.matchAll(/^\| `([a-z_]+)`/gm)].map(([, option]) => option);
    expect(rows, 'options that do not exist').toEqual(Object.keys(schema.properties));
    expect(readFileSync(root('docs/policies/README.md'), 'utf8')).toContain(`(${path}.md)`);
  });

  it('decides the same twice, from what its contract shows alone', async () => {
    const setup = alternative(busy({ [kind]: key }));
    const first = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
    expect(first.refused).toBeUndefined();
    expect(await replicate({ alternative: setup, replication: 0, warmUpMs: 0 })).toEqual(first);
    const { measured } = await runGuarded(setup);
    expect(measured).toEqual(first.measured);
    expect(measured.apps.every(({ born }) => born > 10)).toBe(true);
  });

  it('survives a system in which nothing ever happens', async () => {
    const setup = alternative({
      workload: [{ app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'poisson', rate_rps: 1e-9 } }],
      sites: [profileOf({ solo_ms: 1 }, { shares }), profileOf({ solo_ms: 1 }, { shares })],
      durationS: 1,
      [kind]: key,
    });
    const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
    expect(measured).toMatchObject({ windowMs: 1000, busyShare: [0, 0], apps: [{ born: 0 }] });
  });

  it('survives a site that has no accelerator yet', async () => {
    const setup = alternative({
      workload: [{ app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: 10, requests: 3 } }],
      sites: { edge: [profileOf({ solo_ms: 1 }, { shares })], annex: [] },
      [kind]: key,
    });
    const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
    expect(measured!.apps[0].born).toBe(3);
  });
});

it('a guard stops a policy that looks further than its contract', async () => {
  const original = policies.dispatch.fcfs.create;
  policies.dispatch.fcfs.create = () => ({ on: (_event, _subject, _nowMs, view) => (view as unknown as { control: { nowMs: number } }).control.nowMs });
  try {
    await expect(runGuarded(alternative(busy({ dispatch: 'fcfs' })))).rejects.toThrow('reached for "control"');
  } finally {
    policies.dispatch.fcfs.create = original;
  }
});
