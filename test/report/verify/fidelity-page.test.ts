import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Verification, VerifiedAlternative } from '../../../src/experiment/verify/result.js';
import { fidelityPage, type Fidelity } from '../../../src/report/verify/fidelity-page.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const real = (median: number, spread = 1) => ({ median, quartiles: [median - 0.1, median + 0.1] as [number, number], spread_percent: spread, values: [median] });
const metric = (median: number, predicted: number, more: object = {}) => ({ real: real(median), predicted: { mean: predicted, ci95: [predicted, predicted] as [number, number] }, error_percent: (100 * (predicted - median)) / median, verdict: 'ok' as const, naive: { no_contention: median / 2 }, ...more });
const alternative = (name: string, metrics: VerifiedAlternative['metrics'], more: Partial<VerifiedAlternative> = {}): VerifiedAlternative => ({ name, verdict: 'ok', runs: 3, metrics, ...more });
const verification = (alternatives: VerifiedAlternative[], more: Partial<Verification> = {}): Verification => ({
  schema: 'corun/verification@1',
  scenario: 's.yaml',
  seed: 1,
  command: '',
  backend: 'wasm',
  profiles: ['p'],
  machine: { processor: 'a processor', processors: 2, memory_gib: 4, node: '20' },
  primary: 'latency_mean_ms',
  runs: 3,
  replications: 10,
  noise_cap_percent: 10,
  stopped: 'complete',
  verdict: 'ok',
  alternatives,
  notes: [],
  ...more,
});

const measured = (more: Partial<Fidelity> = {}): Fidelity => ({
  backend: 'wasm',
  date: '2026-01-02',
  command: 'npm run fidelity -- --backend wasm',
  profile: { file: 'calibration/measured/wasm/profile.json', rows: 1000, spreadPercent: 1, driftPercent: 2, quiet: true },
  saturated: verification([alternative('saturated', { throughput_rps: metric(100, 102, { at_speed: 101 }) }), alternative('saturated, retraining', { throughput_rps: metric(100, 104), epoch_s: metric(2, 2.04) })]),
  loads: verification([alternative('30 %', { latency_p50_ms: metric(10, 10.4), latency_p95_ms: metric(20, 23, { verdict: 'inconclusive' }) }, { load_equivalent: { error_percent: -4.2 }, sender_late_ms: { p50: 0.1, p99: 0.2, max: 1 } }), alternative('90 %', {}, { verdict: 'refused', refused: 'a worker died' })]),
  decisions: verification(
    Array.from({ length: 6 }, (_, i) => alternative(`way ${i}`, { latency_mean_ms: metric(10 + i, 10 + i) })),
    { decision: { metric: 'latency_mean_ms', kendall_tau: 0.95, pairs: 15, concordant: 14, discordant: 0, tied_real: 1, tied_predicted: 0, chosen_by_simulation: 'way 0', really_best: 'way 0', regret: 0, regret_percent: 0, within_noise: true } },
  ),
  ...more,
});
/** The cells of the row that begins so. */
const rowOf = (page: string, ...first: string[]): string[] => page.split('\n').find((line) => line.startsWith(`| ${first.join(' | ')} |`))!.split('|').map((cell) => cell.trim()).slice(1, -1);

describe('the page on fidelity', () => {
  const page = fidelityPage([measured()], { wasm: 'Because.' });

  it('sets each error beside its goal', () => {
    expect(rowOf(page, 'saturated', 'throughput, requests/s').slice(4, 7)).toEqual(['+2 %', '± 3 %', 'met']);
    expect(rowOf(page, 'saturated, retraining', 'throughput, requests/s').slice(4, 7)).toEqual(['+4 %', '± 3 %', '**missed**']);
    expect(rowOf(page, '30 %', 'P95 latency, ms')[6]).toBe('inconclusive');
    expect(rowOf(page, '30 %', '−4.2 %').slice(2, 4)).toEqual(['± 3 %', '**missed**']);
    expect(rowOf(page, 'saturated', 'throughput, requests/s').slice(7, 9)).toEqual(['+1 %', '−50 %']);
    expect(rowOf(page, '30 %', 'P50 latency, ms')[7]).toBe('–');
  });

  it('tells what was refused, what was found out, and that no GPU was measured', () => {
    expect(page).toContain('refused: a worker died');
    expect(page).toContain('### Why it misses where it does\n\nBecause.');
    expect(page).toContain('No GPU has been measured yet');
    expect(fidelityPage([measured({ backend: 'webgpu' })], {})).not.toContain('No GPU has been measured yet');
  });

  it('says how fast the machine was, where it was timed', () => {
    const speed = { model: 'cnn', real_ms: 4.2, profile_ms: 4, factor: 1.05, runs: 3 };
    const given = measured();
    expect(page).not.toContain('alone took');
    expect(fidelityPage([{ ...given, saturated: { ...given.saturated, speed }, loads: { ...given.loads, speed: { ...speed, real_ms: 3.9, factor: 0.975 } } }], {})).toMatch(/an image of cnn alone took 4.20 ms \(\+5.0 %\), then 3.90 ms \(−2.5 %\), by the profile 4\./);
  });

  it('asks for six alternatives before it says that decisions are right', () => {
    expect(page).toContain('at least six alternatives: met');
    const five = measured();
    expect(fidelityPage([{ ...five, decisions: { ...five.decisions, alternatives: five.decisions.alternatives.slice(0, 5) } }], {})).toContain('at least six alternatives: **missed**');
  });
});

it('docs/fidelity.md is what was measured', () => {
  const kept = join(root, 'calibration/measured');
  const reasons: Record<string, string> = {};
  const all = readdirSync(kept).sort().map((name) => {
    const why = join(root, 'scripts/fidelity/reasons', `${name}.md`);
    if (existsSync(why)) reasons[name] = readFileSync(why, 'utf8');
    return JSON.parse(readFileSync(join(kept, name, 'fidelity.json'), 'utf8')) as Fidelity;
  });
  expect(all.length).toBeGreaterThan(0);
  expect(readFileSync(join(root, 'docs/fidelity.md'), 'utf8')).toBe(fidelityPage(all, reasons));
});
