import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJournalFile } from '../../src/calibration/journal/journal-file.js';
import { readObservations } from '../../src/calibration/observations/read.js';
import { calibrated, directory, killWorkers, settingsFor } from './fake-calibration.js';

const small = { slowdown: [1, 1.5], models: { a: { solo_ms: 5 } } };
const fast = { minMs: 60, maxMs: 120 };

test('a disturbed machine is refused: observations are kept, and there is no profile unless the user accepts the noise, labelled', async () => {
  // Half of the time everything takes half as long again, in stretches longer than a cell.
  const program = { ...small, disturbance: { every_ms: 1400, for_ms: 700, factor: 1.5 } };
  const settings = await settingsFor(program, {}, { soloEvery: 1, minMs: 200, maxMs: 300, repeats: 3 });
  const out = directory();
  const refused = await calibrated(settings, { out });
  expect(refused).toMatchObject({ calibrated: false, noise: { verdict: 'noisy' } });
  expect(existsSync(join(out, 'profile.json'))).toBe(false);
  expect((await readObservations(join(out, 'observations.csv'))).rows).toBeGreaterThan(50);
  const accepted = await calibrated({ ...settings, acceptNoise: true }, { out });
  expect(accepted.calibrated).toBe(true);
  const profile = JSON.parse(readFileSync(join(out, 'profile.json'), 'utf8')) as { assumptions: string[]; calibration: { noise: object } };
  expect(profile.calibration.noise).toMatchObject({ verdict: 'noisy', accepted: true });
  expect(profile.assumptions[0]).toMatch(/^NOISY: the same work alone differed/);
});

test('a full disk loses nothing that was measured: the same command goes on', async () => {
  const settings = await settingsFor(small, { noiseLimit: 1 }, fast);
  const out = directory();
  let room = 4;
  const openJournal = (path: string) => {
    const file = openJournalFile(path);
    return {
      ...file,
      append(line: string) {
        if (room-- === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        file.append(line);
      },
    };
  };
  await expect(calibrated(settings, { out, openJournal })).rejects.toThrow(/journal\.jsonl: cannot be written: the disk is full\. The 2 cells measured before are kept/);
  expect(existsSync(join(out, 'observations.csv'))).toBe(false);
  const began: string[] = [];
  const { calibrated: done, entries } = await calibrated(settings, { out, turn: (name) => began.push(name) });
  expect(done).toBe(true);
  expect(began.length).toBe(entries.length - 2);
  expect(entries.map(({ session }) => session).filter((session) => session === 1).length).toBe(2);
});

test('a line that a crash cut off is measured again; a damaged one is named', async () => {
  const settings = await settingsFor(small, { noiseLimit: 1 }, fast);
  const out = directory();
  const { entries } = await calibrated(settings, { out });
  const journal = join(out, 'journal.jsonl');
  const whole = readFileSync(journal, 'utf8');
  writeFileSync(journal, whole.slice(0, -20));
  const began: string[] = [];
  await calibrated(settings, { out, turn: (name) => began.push(name) });
  expect(began).toEqual([entries.at(-1)!.turn]);
  writeFileSync(journal, whole.replace('\n{', '\n{{'));
  await expect(calibrated(settings, { out })).rejects.toThrow(/journal\.jsonl:2: the line is damaged/);
});

test('other settings are another calibration, and the difference is named; limits of noise may change', async () => {
  const settings = await settingsFor(small, { noiseLimit: 1 }, fast);
  const out = directory();
  await calibrated(settings, { out });
  await expect(calibrated({ ...settings, precision: 0.5, seed: '2' }, { out })).rejects.toThrow(/differs from this one:\n {2}precision: 0\.02 there, 0\.5 now\n {2}seed: "1" there, "2" now\n/);
  await expect(calibrated({ ...settings, noiseLimits: { spread: 2, drift: 2 } }, { out })).resolves.toMatchObject({ calibrated: true });
});

test('a cell in which the clock jumped is measured again, and says so', async () => {
  const settings = await settingsFor(small, { noiseLimit: 1 }, fast);
  let looks = 0;
  // The clock of the day is set during the first cell only.
  const clocks = { monotonicMs: () => performance.now(), wallMs: () => Date.now() + (++looks > 2 ? 3_600_000 : 0) };
  const { entries } = await calibrated(settings, { clocks });
  expect(entries[0].repeatedBecause).toEqual([expect.stringMatching(/the clock of the machine jumped by 3600\.0 s/)]);
  expect(entries[0].measured).toBeDefined();
  expect(entries.slice(1).every((e) => e.repeatedBecause === undefined)).toBe(true);
});

test('memory is measured until it is full where the device tells it, and cells that do not fit are told', async () => {
  const program = { ...small, memory_mib: 1000, fixed_mib: 100, models: { a: { solo_ms: 5, memory_mib: 300 } } };
  const settings = await settingsFor(program, { maxJobs: 4, noiseLimit: 1 }, fast);
  const { entries, written } = await calibrated(settings);
  const profile = JSON.parse(readFileSync(written[1], 'utf8')) as { accelerator: object; models: Record<string, { memory_mib: number }>; calibration: { memory: object; cells: { failed: object[] } } };
  expect(profile.calibration.memory).toEqual({ a: { loaded: 3, full: true } });
  expect(profile.calibration.cells.failed).toEqual([{ cell: 'closed: 4*a:1 (r1)', why: expect.stringMatching(/needs 300 MiB/) as string }]);
  expect(entries.filter((e) => e.outOfMemory).length).toBe(1);
  expect(profile.accelerator).toEqual({ name: expect.any(String) as string, memory_mib: 1000, fixed_mib: 100 });
  expect(profile.models.a.memory_mib).toBeCloseTo(300, 0);
});

test.each([
  ['is killed', 'SIGKILL', /ended by SIGKILL/],
  ['hangs', 'SIGSTOP', /nothing was heard of it for 1 s/],
] as const)('a process that %s is replaced, and its cell measured again', async (_what, signal, why) => {
  const settings = await settingsFor(small, { noiseLimit: 1 }, fast);
  let killed: string | undefined;
  const { entries, calibrated: done } = await calibrated(settings, {
    silentMs: 1000,
    turn: (name, index) => {
      if (index !== 3) return;
      killed = name;
      setTimeout(() => killWorkers(settings, signal), 30);
    },
  });
  expect(done).toBe(true);
  const again = entries.filter((e) => e.repeatedBecause !== undefined);
  expect(again.map(({ turn }) => turn)).toEqual([killed]);
  expect(again[0].repeatedBecause![0]).toMatch(why);
  expect(again[0].measured).toBeDefined();
});

test('a device that vanishes ends the calibration with what was measured kept; when it is back, it goes on', async () => {
  const settings = await settingsFor(small, { noiseLimit: 1 }, fast);
  const device = (settings.engineOptions as { device: string }).device;
  const out = directory();
  const vanish = (_name: string, index: number): void => {
    if (index !== 3) return;
    killWorkers(settings);
    rmSync(device, { recursive: true });
  };
  await expect(calibrated(settings, { out, turn: vanish })).rejects.toThrow(/the device does not answer any more: .*ENOENT[^]*The 3 cells measured before are kept/);
  expect(existsSync(join(out, 'profile.json'))).toBe(false);
  mkdirSync(device);
  const { entries, calibrated: done } = await calibrated(settings, { out });
  expect(done).toBe(true);
  expect(entries.filter(({ session }) => session === 1).length).toBe(3);
});

test('a cell during which others used the processors is measured again once they are quiet; after two times it is kept, and named', async () => {
  const settings = await settingsFor(small, { noiseLimit: 1, othersLimit: 10 }, fast);
  // The second cell is disturbed once, the fourth each time.
  const shares = [0.02, 0.5, 0.03, 0, 0.4, 0.3, 0.2];
  let waited = 0;
  const others = { busy: () => () => shares.shift() ?? 0, quiet: (most: number) => Promise.resolve((waited += most) > 0) };
  const { entries, written } = await calibrated(settings, { others });
  expect(entries[0].repeatedBecause).toBeUndefined();
  expect(entries[1]).toMatchObject({ repeatedBecause: ['others took 50 % of the processors'] });
  expect(entries[1].disturbed).toBeUndefined();
  expect(entries[3]).toMatchObject({ disturbed: true, repeatedBecause: ['others took 40 % of the processors', 'others took 30 % of the processors'] });
  expect(entries[3].measured!.series[0].done.length).toBeGreaterThan(0);
  expect(waited).toBeCloseTo(0.3, 9);
  const { calibration } = JSON.parse(readFileSync(written[1], 'utf8')) as { calibration: { cells: { disturbed: string[] } } };
  expect(calibration.cells.disturbed).toEqual([entries[3].turn]);
});

test('two calibrations into one folder: the second is refused while the first measures, and what a dead one left is taken over', async () => {
  const settings = await settingsFor(small, { noiseLimit: 1 }, fast);
  const out = directory();
  writeFileSync(join(out, 'calibrating.lock'), String(process.ppid));
  await expect(calibrated(settings, { out })).rejects.toThrow(/calibrating\.lock: process \d+ is calibrating in this folder/);
  expect(existsSync(join(out, 'journal.jsonl'))).toBe(false);
  // No process has this number.
  writeFileSync(join(out, 'calibrating.lock'), String(2 ** 22 + 1));
  expect((await calibrated(settings, { out })).calibrated).toBe(true);
  expect(existsSync(join(out, 'calibrating.lock'))).toBe(false);
});
