import { mkdtemp, rm, writeFile, mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { openTrace } from '../../src/trace/open.js';
import { readAll } from './read-all.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corun-trace-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Long enough for several pieces of a file, so that reads have to wait. */
const n = 200_000;
const long = `time_ms,app,slo_ms\n${Array.from({ length: n }, (_, i) => `${i / 8},${i % 4 === 0 ? 'plants' : 'faces'},100\n`).join('')}`;

async function rejected(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

/** Open files of this process, where the system shows them. */
async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd').catch(() => [])).length;
}

describe('a file', () => {
  test.each([
    ['plain', 'long.csv', (csv: string) => Buffer.from(csv)],
    ['gzip', 'long.csv.gz', (csv: string) => gzipSync(csv)],
    ['gzip without saying so', 'packed.csv', (csv: string) => gzipSync(csv)],
    ['plain, named as if it were gzip', 'plain.csv.gz', (csv: string) => Buffer.from(csv)],
    ['gzip in two members', 'two.csv.gz', (csv: string) => Buffer.concat([gzipSync(csv.slice(0, 99_999)), gzipSync(csv.slice(99_999))])],
  ])('%s', async (_name, name, pack) => {
    const path = await file(name, pack(long));
    const { timeMs, sloMs } = await readAll(await openTrace(path, { app: 'plants', apps: ['plants', 'faces'] }));
    expect(timeMs).toEqual(Array.from({ length: n / 4 }, (_, i) => i / 2));
    expect(new Set(sloMs)).toEqual(new Set([100]));
  });

  test('says whether it has SLOs before anything is read', async () => {
    const without = await openTrace(await file('without.csv', 'time_ms\n1\n'));
    const having = await openTrace(await file('with.csv', 'time_ms,slo_ms\n1,\n'));
    expect([without.hasSlo, having.hasSlo]).toEqual([false, true]);
    const sloMs = new Float64Array(1).fill(7);
    expect([await without.read(new Float64Array(1), sloMs), ...sloMs]).toEqual([1, 7]);
    expect([await having.read(new Float64Array(1), sloMs), ...sloMs]).toEqual([1, NaN]);
    await Promise.all([without.close(), having.close()]);
  });

  test('waits only for the disk: what was fetched comes at once', async () => {
    const arrivals = await openTrace(await file('sync.csv', long));
    const block = new Float64Array(1000);
    let waits = 0;
    let reads = 0;
    for (;;) {
      const answer = arrivals.read(block, block);
      if (typeof answer !== 'number') waits++;
      reads++;
      if ((await answer) === 0) break;
    }
    expect(reads).toBeGreaterThan(n / 1000);
    expect(waits).toBeGreaterThan(1);
    expect(waits).toBeLessThan(20);
  });

  test('stays ended, and may be closed early, late, and twice', async () => {
    for (const content of [Buffer.from(long), gzipSync(long)]) {
      const path = await file('closing.csv', content);
      const before = await openFiles();
      const early = await openTrace(path);
      const block = new Float64Array(1000);
      expect(await early.read(block, block)).toBe(1000);
      await early.close();
      await early.close();
      const late = await openTrace(path);
      await readAll(late);
      expect(await late.read(block, block)).toBe(0);
      await late.close();
      expect(await openFiles()).toBe(before);
    }
  });
});

describe('what is wrong with a file', () => {
  test('it is not there: a near name in its folder is suggested', async () => {
    await mkdir(join(folder, 'names'));
    await file('names/requests.csv', 'time_ms\n1\n');
    const path = join(folder, 'names', 'request.csv');
    expect(await rejected(openTrace(path))).toBe(`${path}: there is no such file; did you mean ${join(folder, 'names', 'requests.csv')}?`);
    const nowhere = join(folder, 'no', 'request.csv');
    expect(await rejected(openTrace(nowhere))).toBe(`${nowhere}: there is no such file`);
  });

  test('it is a folder', async () => {
    expect(await rejected(openTrace(folder))).toBe(`${folder}: this is not a file; it may be read more than once, so it has to be one (no folder and no pipe)`);
  });

  test.each([
    ['', ':1:1: the file is empty'],
    ['time_ms\n', ':2:1: there are no rows below the header'],
    ['time', ':1:1: unknown column "time"; did you mean time_ms?'],
    [gzipSync(''), ':1:1: the file is empty'],
    [gzipSync('time_ms\n1\nx\n'), ':3:1: time_ms is "x"'],
    [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), ':1:1: this is a zstd file; a CSV file is needed, plain or gzip'],
    ['PK\u0003\u0004', ':1:1: this is a zip file'],
  ])('%j', async (content, message) => {
    const path = await file('wrong.csv', content);
    const before = await openFiles();
    expect(await rejected(openTrace(path).then((arrivals) => readAll(arrivals)))).toContain(`${path}${message}`);
    expect(await openFiles()).toBe(before);
  });

  test('a mistake far down is found, with its line', async () => {
    for (const pack of [(csv: string) => Buffer.from(csv), (csv: string) => gzipSync(csv)]) {
      const path = await file('far.csv', pack(`${long}26000,plants\n`));
      expect(await rejected(openTrace(path).then((arrivals) => readAll(arrivals)))).toContain(`${path}:${n + 2}:13: the row ends after 2 of 3 fields`);
    }
  });

  test('gzip that was cut off anywhere', async () => {
    const packed = gzipSync('time_ms\n1\n2\n3\n');
    for (let length = 2; length < packed.length; length++) {
      const path = await file('cut.csv.gz', packed.subarray(0, length));
      expect(await rejected(openTrace(path).then((arrivals) => readAll(arrivals)))).toMatch(/cut\.csv\.gz:[1-5]:1: the gzip data end here, in the middle; the file was cut off/);
    }
  });

  test('long gzip that was cut off: the line says how far it was good', async () => {
    const packed = gzipSync(long);
    const path = await file('half.csv.gz', packed.subarray(0, packed.length >> 1));
    const message = await rejected(openTrace(path).then((arrivals) => readAll(arrivals)));
    const line = Number(/half\.csv\.gz:(\d+):1: the gzip data end here/.exec(message)?.[1]);
    expect(line).toBeGreaterThan(n / 4);
    expect(line).toBeLessThan(n);
  });

  test('gzip with a flipped byte, or with something else after it', async () => {
    const packed = gzipSync('time_ms\n1\n2\n3\n');
    const flipped = Buffer.from(packed);
    flipped[flipped.length - 6] ^= 1;
    for (const content of [flipped, Buffer.concat([packed, Buffer.from('time_ms\n4\n')])]) {
      const path = await file('damaged.csv.gz', content);
      expect(await rejected(openTrace(path).then((arrivals) => readAll(arrivals)))).toMatch(/damaged\.csv\.gz:\d+:1: the gzip data are damaged from here on/);
    }
  });
});
