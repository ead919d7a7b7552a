import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Verification } from '../../src/experiment/verify/result.js';
import { built } from '../experiment/built.js';
import { corun, mistake } from './corun.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-verify-'));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const profile = (factor: number): string => JSON.stringify({ name: `times ${factor}`, models: { a: { solo_ms: 20 * factor }, b: { solo_ms: 10 * factor } }, training: { t: { batch: 8, epoch_s: 0.2 * factor } } });
file('right.json', profile(1));
const doubled = file('doubled.json', profile(2));
const scenario = (name: string, more: string, seconds = 1.5): string =>
  file(
    name,
    `schema: corun/scenario@1
duration_s: ${seconds}
workload:
  - { app: plants, model: a, slo_ms: 500, arrivals: { process: poisson, rate_rps: 20 } }
  - { app: faces, model: b, clients: { count: 1, think_ms: 50 } }
sites: [{ name: edge, accelerators: [{ profile: ./right.json }] }]
${more}`,
  );

/** A machine that runs tests is busy with others too. */
const GENEROUS = ['throughput_rps=60', 'latency_p50_ms=80', 'latency_p95_ms=95', 'epoch_s=80'].flatMap((text) => ['--tolerance', text]);
const QUIET = ['--noise-cap', '300'];

/** Runs the program, and sends it SIGINT as soon as its error output has these words. */
function interruptedAt(words: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [built('cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!said.stderr.includes(words) && (said.stderr + text).includes(words)) child.kill('SIGINT');
    said.stderr += text;
  });
  return new Promise((done) => child.on('close', () => done(said)));
}

describe('corun verify on the fake backend', () => {
  it('confirms the profile that the fake accelerator plays, and writes what it saw', () => {
    const out = join(folder, 'out');
    const { code, stdout, stderr } = corun(['verify', scenario('ok.yaml', 'retraining: { model: t }\nalternatives: [{ name: one }, { name: two, dispatch: { policy: fcfs, k: 2 } }]'), '-b', 'fake', '--runs', '2', '--format', 'json', '--out', out, ...GENEROUS, ...QUIET]);
    const found = JSON.parse(stdout) as Verification;
    expect({ code, verdict: found.verdict, told: found.alternatives.map(({ name, verdict, runs }) => `${name} ${verdict} ${runs}`) }).toEqual({ code: 0, verdict: 'ok', told: ['one ok 2', 'two ok 2'] });
    expect(stderr).toMatch(/^real run 1 of 4: \w+; about \d+ s left$/m);
    for (const { metrics, sender_late_ms, workers, load_equivalent } of found.alternatives) {
      expect(workers).toEqual([['a', 'b']]);
      expect(sender_late_ms!.max).toBeGreaterThanOrEqual(sender_late_ms!.p50);
      expect(load_equivalent).toBeDefined();
      for (const name of ['throughput_rps', 'latency_p50_ms', 'latency_p95_ms', 'epoch_s']) {
        const { real, predicted, error_percent, verdict } = metrics[name];
        expect(real!.values).toHaveLength(2);
        expect(real!.median).toBeGreaterThan(0);
        expect(error_percent).toBeCloseTo(100 * (predicted!.mean / real!.median - 1), 6);
        expect(verdict).toBe('ok');
      }
      // An epoch takes 200 ms alone, and nothing slows it down in this program.
      expect(metrics.epoch_s.predicted!.mean).toBeCloseTo(0.2, 6);
      expect(metrics.latency_p50_ms.real!.median).toBeGreaterThanOrEqual(10);
      expect(metrics.latency_mean_ms.verdict).toBeUndefined();
      expect(metrics).not.toHaveProperty('gpus');
    }
    expect(found.decision).toMatchObject({ metric: 'latency_p95_ms', pairs: 1 });
    const requests = readFileSync(join(out, 'requests.csv'), 'utf8').trim().split('\n');
    expect(requests[0]).toBe('alternative,run,app,due_ms,sent_ms,ended_ms,outcome,slo_ms');
    // Both runs, and both alternatives, have the same open stream.
    const dues = (alternative: string, run: number) => requests.filter((row) => row.startsWith(`${alternative},${run},plants,`)).map((row) => row.split(',')[3]);
    expect(dues('one', 0).length).toBeGreaterThan(10);
    for (const [alternative, run] of [['one', 1], ['two', 0], ['two', 1]] as const) expect(dues(alternative, run)).toEqual(dues('one', 0));
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toEqual(found);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('really and predicted');
  });

  it('finds a profile with doubled times off, and exits with 1', () => {
    const { code, stdout } = corun(['verify', scenario('off.yaml', ''), '--profile', doubled, '-b', 'fake', '--runs', '1', '--tolerance', 'latency_p50_ms=30', ...QUIET]);
    expect(code).toBe(1);
    expect(stdout).toContain('times 2 against fake');
    expect(stdout).toMatch(/P50 latency \(ms\) .* off /);
    expect(stdout).toContain('The prediction is off: ');
    expect(stdout).toContain('One real run shows no spread');
  });

  it('concludes nothing where the runs differ by more than the noise cap', () => {
    const { code, stdout } = corun(['verify', scenario('noise.yaml', ''), '-b', 'fake', '--runs', '2', '--format', 'json', '--noise-cap', '1e-9', ...GENEROUS]);
    const { verdict, alternatives } = JSON.parse(stdout) as Verification;
    expect({ code, verdict, p95: alternatives[0].metrics.latency_p95_ms.verdict }).toEqual({ code: 0, verdict: 'inconclusive', p95: 'inconclusive' });
  });

  it('keeps the finished runs when it is interrupted, and says so', async () => {
    const { stdout, stderr } = await interruptedAt('real run 3 of 50', ['verify', scenario('long.yaml', '', 0.5), '-b', 'fake', '--runs', '50', '--format', 'json', ...GENEROUS, ...QUIET]);
    const { stopped, alternatives } = JSON.parse(stdout) as Verification;
    expect(stderr).toContain('interrupted: keeping the real runs that are finished');
    expect(stopped).toBe('interrupted');
    expect(alternatives[0].runs).toBe(2);
    expect(alternatives[0].metrics.latency_p50_ms.real!.values).toHaveLength(alternatives[0].runs);
  });

  it('refuses an alternative that cannot be served, and goes on with the others', () => {
    const { stdout } = corun(['verify', scenario('refused.yaml', 'alternatives: [{ name: whole }, { name: broken, set: { "workload.0.stages": [{ model: a }, { model: b }], "workload.0.model": null } }]', 0.5), '-b', 'fake', '--runs', '1', ...GENEROUS, ...QUIET]);
    expect(stdout).toContain('broken: refused – app plants has 2 stages; serve answers apps with one');
    expect(stdout).toContain('whole: ok');
  });

  it.each([
    ['an unknown backend', ['-b', 'fkae'], 'no backend is called "fkae"; did you mean fake?'],
    ['an unknown metric', ['-b', 'fake', '--tolerance', 'latency_p59_ms=3'], 'no metric is called "latency_p59_ms"; did you mean'],
    ['an unknown alternative', ['-b', 'fake', '-a', 'defualt'], 'no alternative "defualt"; did you mean default?'],
    ['a number of runs that is none', ['-b', 'fake', '--runs', '0'], '--runs 0: a whole number from 1 is needed'],
    ['a noise cap that is none', ['-b', 'fake', '--noise-cap', '0'], '--noise-cap 0: a number of percent above 0 is needed'],
    ['a profile that is not there', ['-b', 'fake', '--profile', 'nowhere.json'], '--profile nowhere.json: there is no such file'],
    ['a profile that lacks the model', ['-b', 'fake', '--profile', file('other.json', '{ "models": { "c": { "solo_ms": 1 } } }')], 'a'],
    ['a model that cannot be opened', ['-b', 'wasm'], '--source a=PATH/model.json'],
  ])('refuses %s', (_, args, words) => {
    const out = join(folder, 'never');
    expect(mistake(corun(['verify', scenario('mistake.yaml', ''), ...args, '--out', out]))).toContain(words);
    expect(existsSync(join(out, 'summary.json'))).toBe(false);
  });
});
