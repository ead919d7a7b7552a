import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { corun, interrupted, mistake } from './corun.js';
import { directoryWith, scenario } from './files.js';

const { file } = directoryWith();
const names = commands.map(({ command }) => String(command).split(' ')[0]);

describe('help', () => {
  it('names every command, and what to try', () => {
    const { code, stdout, stderr } = corun(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of names) expect(stdout).toContain(`corun ${name}`);
    expect(stdout).toContain('Exit codes: 0 fine, 1 the answer is "no", 2 bad usage or input, 3 internal error.');
  });

  it.each(names)('of %s ends with an example', (name) => {
    const { code, stdout } = corun([name, '--help']);
    expect(code).toBe(0);
    const examples = stdout.slice(stdout.indexOf('Examples:'));
    expect(stdout).toContain('Examples:');
    expect(examples).toMatch(new RegExp(`^Examples:\\n\\s+corun ${name}\\b`));
    expect(stdout.indexOf('Options:'), 'the example comes last').toBeLessThan(stdout.indexOf('Examples:'));
  });

  it('tells the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(corun(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('output', () => {
  it('with --format json stdout is JSON alone, and the same for any number of threads', () => {
    const { code, stdout } = corun(['compare', file, '--format', 'json', '--threads', '1']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'corun/comparison@1', scenario: file, alternatives: [{ name: 'one' }, { name: 'two' }] });
    expect(corun(['compare', file, '--format', 'json', '--threads', '2']).stdout).toBe(stdout);
  });

  it('the table says who wins, in 80 columns, without colour where it is no terminal', () => {
    for (const env of [{}, { NO_COLOR: '1' }, { FORCE_COLOR: undefined }]) {
      const { code, stdout } = corun(['compare', file], { env: { ...process.env, ...env } });
      expect(code).toBe(0);
      expect(stdout).toContain('two');
      expect(stdout).not.toContain('\x1b[');
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it('simulate runs one alternative: the first, or the one that is named', () => {
    const only = (args: string[]) => (JSON.parse(corun(['simulate', file, '--format', 'json', ...args]).stdout) as { alternatives: { name: string }[] }).alternatives.map((a) => a.name);
    expect(only([])).toEqual(['one']);
    expect(only(['-a', 'two'])).toEqual(['two']);
  });

  it('--set and --seed override fields of the scenario', () => {
    const { stdout } = corun(['compare', file, '--format', 'json', '--seed', 'other', '--set', 'title=Renamed', '--set', 'measure.replications={min: 3, max: 3}']);
    expect(JSON.parse(stdout)).toMatchObject({ seed: 'other', title: 'Renamed', replications: 3 });
  });

  it('--out writes the report and says what it wrote on stderr', () => {
    const { directory } = directoryWith();
    const out = join(directory, 'new', 'folder');
    const { code, stdout, stderr } = corun(['compare', file, '--format', 'json', '--out', out, '--requests']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^wrote /m);
    for (const name of ['summary.json', 'report.html', 'requests.parquet']) expect(readdirSync(out)).toContain(name);
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toEqual(JSON.parse(stdout));
  });

  it('all alternatives refused is a "no"', () => {
    const small = ['sites.0.accelerators.0.profile.accelerator={name: small, memory_mib: 1}', 'sites.0.accelerators.0.profile.models.cnn.memory_mib=2'];
    const { code, stdout } = corun(['compare', file, '--format', 'json', ...small.flatMap((field) => ['--set', field])]);
    expect(JSON.parse(stdout)).toMatchObject({ alternatives: [{ verdict: 'refused' }, { verdict: 'refused' }] });
    expect(code).toBe(1);
  });
});

describe('mistakes', () => {
  it.each<[string, string[], RegExp]>([
    ['no command', [], /Say what to do/],
    ['an unknown command', ['compar'], /compare/],
    ['an unknown option', ['compare', file, '--thread', '2'], /Unknown argument: thread/],
    ['a missing scenario', ['compare'], /scenario/],
    ['a scenario that does not exist', ['compare', 'nowhere.yaml'], /there is no file .*nowhere\.yaml/],
    ['a format that does not exist', ['compare', file, '--format', 'xml'], /table.*json/s],
    ['an override without a value', ['compare', file, '--set', 'title'], /title/],
    ['an override of no field', ['compare', file, '--set', 'mesure.primary=goodput_rps'], /mesure.*did you mean measure\?/s],
    ['an override of the wrong type', ['compare', file, '--set', 'duration_s=-3'], /duration_s.*found -3/s],
    ['no threads', ['compare', file, '--threads', '0'], /--threads 0: a whole number from 1 is needed/],
    ['threads that are no number', ['compare', file, '--threads', 'many'], /--threads many: a number is needed/],
    ['an alternative that does not exist', ['simulate', file, '--alternative', 'nope'], /there is no alternative "nope".*one, two/],
    ['requests without a folder', ['compare', file, '--requests'], /--requests writes a file: say where with --out DIR/],
  ])('%s', (_what, args, message) => {
    expect(mistake(corun(args))).toMatch(message);
  });

  it('names the nearest alternative', () => {
    expect(mistake(corun(['simulate', file, '-a', 'tow']))).toContain('did you mean two?');
  });

  it('names the nearest option', () => {
    expect(mistake(corun(['compare', file, '--thread', '2']))).toContain('did you mean --threads?');
  });

  it('a folder for the output that cannot be written', () => {
    const { directory } = directoryWith({ taken: 'a file' });
    for (const out of ['taken', 'taken/below']) {
      const told = mistake(corun(['compare', file, '--format', 'json', '--out', join(directory, out)]));
      expect(told).toContain(join(directory, 'taken'));
      expect(told).toContain('--out');
    }
    expect(readFileSync(join(directory, 'taken'), 'utf8')).toBe('a file');
  });

  it('a misspelt field is told with file, line and nearest name', () => {
    const { directory } = directoryWith({ 'bad.yaml': scenario.replace('slo_ms', 'slo') });
    const bad = join(directory, 'bad.yaml');
    expect(mistake(corun(['compare', bad]))).toMatch(new RegExp(`${bad}:4:\\d+.*slo.*did you mean slo_ms\\?`, 's'));
  });
});

describe('Ctrl-C', () => {
  const endless = ['--set', 'measure.replications={min: 100000, max: 100000}', '--set', 'workload.0.arrivals.requests=2000'];

  it.each(['1', '2'])('keeps the replications that are finished, and says so, with %s threads', async (threads) => {
    const { code, signal, stdout, stderr } = await interrupted(['compare', file, '--format', 'json', '--threads', threads, ...endless], 3000);
    expect(signal).toBeNull();
    expect(stderr).toContain('interrupted: keeping the replications that are finished');
    const result = JSON.parse(stdout) as { stopped: string; replications: number; alternatives: { metrics: object }[] };
    expect(result.stopped).toBe('interrupted');
    expect(result.replications).toBeGreaterThan(0);
    expect(result.replications).toBeLessThan(100_000);
    for (const { metrics } of result.alternatives) expect(metrics).toHaveProperty('goodput_rps');
    expect(code).toBe(0);
  });
});

it('the program exists where the package says', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: Record<string, string> };
  expect(existsSync(bin.corun)).toBe(true);
  expect(readFileSync(bin.corun, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
