import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { corun } from './corun.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'requests.csv');
writeFileSync(file, `time_ms\n${Array.from({ length: 100 }, (_, i) => i * 100).join('\n')}\n`);

describe('corun trace', () => {
  it('describes a file, as text, as JSON alone on stdout, and as a page', () => {
    const text = corun(['trace', 'describe', file]);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain('100 in 9.90 s');
    const json = corun(['trace', 'describe', file, '--format', 'json', '--out', join(folder, 'page')]);
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: 'corun/trace-description@1', requests: 100 });
    expect(existsSync(join(folder, 'page', 'trace.html'))).toBe(true);
  });

  it('converts, changes, merges and labels', () => {
    const out = join(folder, 'both.csv');
    expect(corun(['trace', 'convert', file, file, '--app', 'a', '--app', 'b', '--slo-ms', '50', '--with', 'window={ to_s: 0.2 }', '--out', out])).toMatchObject({ code: 0 });
    expect(readFileSync(out, 'utf8')).toBe('time_ms,app,slo_ms\n0,a,50\n0,b,50\n100,a,50\n100,b,50\n');
  });

  it('generates what a process gives, the same for the same seed', () => {
    const [one, two, other] = ['1', '1', '2'].map((seed, i) => ({ seed, out: join(folder, `made-${i}.csv`) }));
    for (const { seed, out } of [one, two, other]) corun(['trace', 'convert', '--process', 'poisson', '--with', 'rate_rps=10', '--duration', '20', '--seed', seed, '--out', out]);
    expect(readFileSync(one.out, 'utf8')).toBe(readFileSync(two.out, 'utf8'));
    expect(readFileSync(one.out, 'utf8')).not.toBe(readFileSync(other.out, 'utf8'));
  });

  it('fits a generator that a scenario takes', () => {
    const out = join(folder, 'new', 'fitted.json');
    expect(corun(['trace', 'fit', file, '--window-s', '5', '--out', out])).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ process: 'fitted', windows: [{ for_s: 5, rate_rps: 10 }, {}] });
    expect((corun(['trace', 'fit', file, '--model', 'mmpp', '--window-s', '1'])).stdout).toContain('"process": "mmpp"');
  });

  it.each([
    [['trace'], 'trace needs a command and a file'],
    [['trace', 'describe'], 'a trace is needed: name a file, or a generator with --process'],
    [['trace', 'describe', file, '--process', 'poisson'], 'leave'],
    [['trace', 'describe', file, '--with', 'nonsense'], '--with nonsense: name=value is needed, for example --with scale_rate=0.5'],
    [['trace', 'describe', file, '--with', 'scale_rat=2'], '--with scale_rat: unknown field; did you mean'],
    [['trace', 'describe', file, '--with', 'window={ from_s: 100 }'], 'no request of the trace lies in its window from 100 s to the end; the last one comes at 9.9 s'],
    [['trace', 'describe', file, '--from', 'azure'], '--from azure: unknown; did you mean azure-llm?'],
    [['trace', 'describe', '--process', 'poisson'], '--with: missing field rate_rps'],
    [['trace', 'convert', file, '--out', folder], 'there is a folder with that name'],
    [['trace', 'convert', file, file, '--app', 'a', '--app', 'b', '--app', 'c', '--out', 'x.csv'], '--app was given 3 times for 2 files'],
    [['trace', 'fit', file, '--window-s', '0'], '--window-s 0: a number of seconds above 0 is needed'],
    [['trace', 'describe', file, '--out', '/proc/x'], 'nothing can be made there'],
  ])('%j is told with its mend', (args, message) => {
    const { code, stderr } = corun(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
