import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../../src/profile/load.js';
import { built } from '../experiment/built.js';
import { corun, interrupted, mistake } from './corun.js';

const directory = mkdtempSync(join(tmpdir(), 'corun-calibrate-cli-'));
const program = join(directory, 'program.yaml');
writeFileSync(program, 'slowdown: [1, 1.5]\nmodels: { a: { solo_ms: 5 }, b: { solo_ms: 8 } }\ntraining: { t: { epoch_ms: 50 } }\n');
const base = ['calibrate', '--backend', 'fake', '--program', program, '--models', 'a', '--batches', '1', '--max-jobs', '2', '--load', '50', '--cell-s', '0.5', '--repeats', '1', '--precision', '0.5', '--noise-limit', '1'];
const out = (name: string): string => join(directory, name);
const turns = (folder: string): string[] => readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n').filter((line) => line.startsWith('{"kind":"turn"'));

/** Waits until a journal has so many turns. */
async function measured(folder: string, count: number): Promise<void> {
  while (!existsSync(join(folder, 'journal.jsonl')) || turns(folder).length < count) await new Promise((passed) => setTimeout(passed, 20));
}

test('SIGKILL in the middle loses nothing that was measured, Ctrl-C says how to go on, and in the end there is a profile', async () => {
  const folder = out('killed');
  const child = spawn(process.execPath, [built('cli/main.js'), ...base, '--out', folder], { stdio: 'ignore' });
  await measured(folder, 2);
  child.kill('SIGKILL');
  await new Promise((closed) => child.on('close', closed));
  const kept = turns(folder);
  expect(existsSync(join(folder, 'observations.csv'))).toBe(false);

  const { code, stderr, stdout } = await interrupted([...base, '--out', folder], 2000);
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toMatch(/interrupted; \d+ turns? (?:are|is) kept in .*the same command goes on from there/);

  const done = corun([...base, '--out', folder, '--format', 'json']);
  expect(done.code, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ schema: 'corun/calibration@1', calibrated: true, failed: [], left_out: [] });
  expect(turns(folder).slice(0, kept.length)).toEqual(kept);
  const profile = await loadProfile(join(folder, 'profile.json'));
  expect(profile.calibration).toMatchObject({ sessions: expect.any(Number) as number, backend: 'fake', requested: { models: ['a'] } });
  expect(profile.contention?.model).toBe('table');
});

test('--plan says what would be measured and for how long, and measures nothing', () => {
  const { code, stdout, stderr } = corun(['calibrate', '--backend', 'fake', '--program', program, '--training', 't', '--cell-s', '0.5', '--plan']);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/42 cells in \d+ turns:[^]*several inference jobs, back to back[^]*closed: a:1 \+ 2\*b:1[^]*open at 10 %: a:1 beside training t:16[^]*About .* s\.\n$/);
});

test('mistakes name the option and what is allowed', () => {
  expect(mistake(corun(['calibrate']))).toMatch(/--out is missing/);
  expect(mistake(corun(['calibrate', '--backend', 'wsam', '--out', out('x')]))).toMatch(/no backend is called "wsam"; did you mean .*wasm/i);
  expect(mistake(corun(['calibrate', '--backend', 'wasm', '--models', 'resnet5', '--out', out('x')]))).toMatch(/resnet50/);
  expect(mistake(corun(['calibrate', '--backend', 'fake', '--out', out('x')]))).toMatch(/--program FILE/);
  expect(mistake(corun([...base, '--training', 'tt', '--out', out('x')]))).toMatch(/--training tt: the program has no such entry.*\(known: t\)/);
  expect(mistake(corun(['calibrate', '--backend', 'wasm', '--models', 'vgg16', '--max-jobs', '0', '--out', out('x')]))).toMatch(/--max-jobs 0: a whole number/);
  expect(mistake(corun(['calibrate', '--models', 'vgg16', '--precision', '5', '--out', out('x')]))).toMatch(/--precision 5: a share of the median above 0 and below 1/);
  expect(mistake(corun(['calibrate', '--models', 'vgg16', '--training-data', 'photos', '--out', out('x')]))).toMatch(/--training-data is for what is retrained: say which models with --training/);
  expect(existsSync(out('x'))).toBe(false);
});

test('a backend that does not retrain says so, before anything is measured', () => {
  const told = mistake(corun(['calibrate', '--backend', 'cpu', '--models', 'mobilenet_v1_025', '--training', 'no/such/model.json', '--input-size', '32', '--out', out('y')]));
  expect(told).toMatch(/cannot retrain no\/such\/model\.json with cpu: .*\nWithout --training, inference alone is calibrated/);
});
