import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../src/profile/load.js';
import { csv, fileOf, HEAD, plainRows } from '../calibration/files.js';
import { corun, mistake } from './corun.js';

const file = fileOf(csv(plainRows(5)));
const test = fileOf(csv(plainRows(6, ['s']).filter((r) => /,(5|6),0,/.test(r))));

describe('corun fit', () => {
  it('prints the document of the contract as JSON alone, the same every time', () => {
    const run = () => corun(['fit', file, '--test', test, '--format', 'json']);
    const { code, stdout, stderr } = run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ schema: 'corun/fit@1', selected: expect.any(String), not_identifiable: expect.any(Array) });
    const selected = result.models.find((m: { name: string }) => m.name === result.selected);
    expect(selected).toMatchObject({ cross_validation: { mape: expect.any(Number), skill: expect.any(Number) }, test: { mape: expect.any(Number), skill: expect.any(Number) } });
    expect(selected.test.rows).toHaveLength(2);
    expect(Object.keys(selected.test.rows[0])).toEqual(expect.arrayContaining(['group', 'workload', 'phase', 'inference_jobs', 'training_jobs', 'seen_group', 'n', 'observed_ms', 'predicted_ms', 'interval95_ms']));
    expect(selected.test.rows.map((r: { seen_group: boolean }) => r.seen_group)).toEqual([true, false]);
    for (const name of ['none', 'nearest measured group']) expect(result.models.find((m: { name: string }) => m.name === name).role).toBe('naive');
    expect(run().stdout).toBe(stdout);
  });

  it('finds the line that the rows were made of', () => {
    const { stdout } = corun(['fit', file, '--test', test, '--format', 'json']);
    for (const r of JSON.parse(stdout).test.rows) expect(r.predicted_ms / (10 + 4 * r.inference_jobs)).toBeCloseTo(1, 1);
  });

  it('prints a table with every candidate, and wide lines only where a name needs them', () => {
    const { code, stdout } = corun(['fit', file, '--capacity-mib', '8000']);
    expect(code).toBe(0);
    for (const name of ['linear', 'usl', 'bottleneck', 'two-queues', 'table', 'regression', 'none (naive)', 'nearest measured group (naive)']) expect(stdout).toContain(name);
    expect(stdout).toContain('All rows are of one run');
  });

  it('tells a group that is predicted as it was seen as off by 0, and not by the rounding of the machine', () => {
    const alone = fileOf(csv(plainRows(1)));
    const groups = corun(['fit', alone]).stdout.split('\n').filter((line) => line.includes('1+0 jobs'));
    expect(groups.length).toBeGreaterThan(0);
    for (const line of groups) expect(line).not.toMatch(/\de-\d/);
  });

  it('writes a profile that loads, a result and a page', () => {
    const out = join(mkdtempSync(join(tmpdir(), 'corun-fit-out-')), 'fit');
    const { code, stderr } = corun(['fit', file, '--out', out, '--profile', join(out, 'my-gpu.json')]);
    expect(code).toBe(0);
    for (const name of ['fit.json', 'fit.html', 'my-gpu.json']) {
      expect(existsSync(join(out, name))).toBe(true);
      expect(stderr).toContain(join(out, name));
    }
    const profile = parseProfile(readFileSync(join(out, 'my-gpu.json'), 'utf8'), 'my-gpu.json');
    expect(profile).toMatchObject({ name: 'my-gpu', contention: { model: 'table', inference: { jobs: [1, 2, 3, 4, 5] } } });
    expect(profile.models.cnn.solo_ms / 14).toBeCloseTo(1, 1);
    expect(readFileSync(join(out, 'fit.html'), 'utf8')).toContain('Scores of all candidates');
  });

  it('leaves rows of the test that were fitted out of it, and says so', () => {
    const both = fileOf(csv([...plainRows(5), ...plainRows(6, ['s'])]));
    const result = JSON.parse(corun(['fit', file, '--test', both, '--format', 'json']).stdout);
    expect(result.warnings.join('\n')).toMatch(/120 rows are there a second time/);
    expect(result.test.rows.reduce((sum: number, r: { n: number }) => sum + r.n, 0)).toBe(168);
  });

  it.each([
    [['fit'], 'fit needs a file of observations, for example: corun fit observations.csv'],
    [['fit', file, '--test', file], 'rows are in the first file too, so nothing is left to test on'],
    [['fit', file, '--profile', '/proc/x.json'], '--profile: cannot write /proc/x.json'],
    [['fit', 'nowhere.csv'], 'nowhere.csv: there is no such file'],
    [['fit', file, '--capacity-mib', 'many'], '--capacity-mib many: a number is needed'],
    [['fit', file, '--capacity-mib', '-1'], '--capacity-mib -1: a number of MiB above 0 is needed'],
    [['fit', file, '--capacty-mib', '1'], 'did you mean --capacity-mib?'],
    [['fit', fileOf(csv(plainRows(2).map((r) => r.replace(/,[\d.]+$/, ',0'))))], 'a duration above 0 in ms is needed'],
    [['fit', fileOf(csv([...plainRows(2).map((r) => `${r},100`), ...plainRows(2).map((r) => `${r},50`)], `${HEAD},share_percent`)), '--profile', 'p.json'], 'it was measured with several shares of the accelerator'],
    [['fit', file, '--block-ms', '0'], '--block-ms 0: a number of ms above 0 is needed'],
  ])('tells what is wrong: %j', (args, message) => {
    expect(mistake(corun(args))).toContain(message);
  });
});
