import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corun, mistake } from './corun.js';
import { directoryOf } from '../scenario/files.js';

const MMPP = ['--process', 'mmpp', '--with', 'states=[{ rate_rps: 5, mean_s: 4 }, { rate_rps: 50, mean_s: 1 }]'];
const described = (args: string[]) => {
  const { code, stdout, stderr } = corun(['trace', 'describe', ...args, '--format', 'json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

describe('corun trace', () => {
  it('describes what a process generates as it describes the file that was written of it', () => {
    const file = join(directoryOf({}), 'made.csv.gz');
    const generated = [...MMPP, '--duration', '200', '--seed', 'x'];
    expect(corun(['trace', 'convert', ...generated, '--out', file])).toMatchObject({ code: 0, stderr: '' });
    expect(described([file])).toEqual(described(generated));
  });

  it('fits a process to a trace, and describes the fitted one', () => {
    const directory = directoryOf({});
    const [trace, fitted] = [join(directory, 'made.csv'), join(directory, 'fitted.json')];
    corun(['trace', 'convert', ...MMPP, '--duration', '600', '--out', trace]);
    expect(corun(['trace', 'fit', trace, '--window-s', '10', '--out', fitted])).toMatchObject({ code: 0, stdout: `${fitted}: 60 windows of 10 s\n` });
    expect(JSON.parse(readFileSync(fitted, 'utf8')).windows).toHaveLength(60);
    const [real, again] = [described([trace]), described(['--process', 'fitted', '--with', `file=${fitted}`])];
    expect(Math.abs(again.mean_rate_rps / real.mean_rate_rps - 1)).toBeLessThan(0.1);
    expect(described(['--process', 'fitted', '--with', `windows=${JSON.stringify(JSON.parse(readFileSync(fitted, 'utf8')).windows)}`])).toEqual(again);
  });

  it('fits an MMPP to each window, for a process of its own', () => {
    const directory = directoryOf({});
    const [trace, fitted] = [join(directory, 'made.csv'), join(directory, 'fitted.json')];
    corun(['trace', 'convert', ...MMPP, '--duration', '600', '--out', trace]);
    expect(corun(['trace', 'fit', trace, '--model', 'mmpp', '--window-s', '100', '--bin-s', '0.5', '--out', fitted])).toMatchObject({ code: 0, stdout: `${fitted}: 6 windows of 100 s\n` });
    expect(described(['--process', 'fitted-mmpp', '--with', `file=${fitted}`]).requests).toBeGreaterThan(1000);
    expect(mistake(corun(['trace', 'describe', '--process', 'fitted', '--with', `file=${fitted}`]))).toContain('it holds one for the process fitted-mmpp');
    expect(mistake(corun(['trace', 'fit', trace, '--bin-s', '1']))).toContain('--bin-s is for --model mmpp');
  });

  it('says what is wrong with the file of a fitted process', () => {
    const directory = directoryOf({});
    const written = (name: string, text: string) => {
      writeFileSync(join(directory, name), text);
      return mistake(corun(['trace', 'describe', '--process', 'fitted', '--with', `file=${join(directory, name)}`]));
    };
    expect(written('mmpp.json', '{"process":"mmpp","states":[]}')).toContain('it holds an mmpp; copy its states into arrivals');
    expect(written('other.yaml', 'a: 1')).toContain('it has no windows');
    expect(written('wrong.json', '{"windows":[{"for_s":0,"rate_rps":1,"cv":1}]}')).toContain('windows.0.for_s');
    expect(mistake(corun(['trace', 'describe', '--process', 'fitted', '--with', 'file=nowhere.json']))).toContain('there is no file');
  });

  it('refuses what does not go together, with the nearest name', () => {
    expect(mistake(corun(['trace', 'describe', '--process', 'mmp']))).toContain('did you mean mmpp?');
    expect(mistake(corun(['trace', 'describe', '--process', 'poisson', '--with', 'rate_rps=1']))).toContain('would never end');
    expect(mistake(corun(['trace', 'describe', 'a.csv', ...MMPP]))).toContain('--process generates a stream, so no file is read');
    expect(mistake(corun(['trace', 'describe']))).toContain('name a file, or a generator with --process');
  });
});
