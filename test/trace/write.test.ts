import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { openTrace } from '../../src/trace/open.js';
import type { RequestColumn } from '../../src/trace/request-csv.js';
import { writeTrace, type TraceRow } from '../../src/trace/write.js';
import { readAll } from './read-all.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corun-write-'));
});
afterAll(() => rm(folder, { recursive: true }));

const everyColumn: RequestColumn[] = ['app', 'time_ms', 'slo_ms'];

test('what is written is what is read, per app and bit by bit, plain and gzip', async () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((app) => !/[\r\n]/.test(app));
  const rowOf = (apps: string[]) =>
    fc.record({
      timeMs: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      app: fc.constantFrom(...apps),
      sloMs: fc.option(fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
    });
  const trace = fc
    .uniqueArray(fc.oneof(name, fc.constantFrom('#', '"', ',', '#"a,"', ' a ', 'a')), { minLength: 1, maxLength: 4 })
    .chain((apps) => fc.array(rowOf(apps), { minLength: 1, maxLength: 40 }));
  await fc.assert(
    fc.asyncProperty(trace, fc.shuffledSubarray(everyColumn, { minLength: 3 }), fc.boolean(), async (unordered, columns, gzip) => {
      const rows: TraceRow[] = unordered.sort((a, b) => a.timeMs - b.timeMs);
      const path = join(folder, 'round-trip');
      expect(await writeTrace(path, rows, { columns, gzip })).toBe(rows.length);
      const apps = [...new Set(rows.map((row) => row.app!))];
      for (const app of apps) {
        const own = rows.filter((row) => row.app === app);
        const found = await readAll(await openTrace(path, { app, apps }));
        expect(found).toEqual({ timeMs: own.map((row) => row.timeMs + 0), sloMs: own.map((row) => row.sloMs ?? NaN) });
      }
    }),
    { numRuns: 150 },
  );
});

test('the bytes of a small file', async () => {
  const path = join(folder, 'small.csv');
  await writeTrace(path, [{ timeMs: 0 }, { timeMs: 1.5 }, { timeMs: 1e21 }]);
  expect(await readFile(path, 'utf8')).toBe('time_ms\n0\n1.5\n1e+21\n');
  await writeTrace(path, [{ timeMs: 2, app: 'a "b", c', sloMs: 100 }, { timeMs: 3, app: 'd' }], { columns: everyColumn });
  expect(await readFile(path, 'utf8')).toBe('app,time_ms,slo_ms\n"a ""b"", c",2,100\nd,3,\n');
});

test('rows may come from an asynchronous source, and the name decides about gzip', async () => {
  async function* rows() {
    for (let i = 0; i < 30_000; i++) yield { timeMs: i / 3 };
  }
  const path = join(folder, 'many.csv.gz');
  expect(await writeTrace(path, rows())).toBe(30_000);
  expect([...(await readFile(path)).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  expect((await readAll(await openTrace(path))).timeMs).toEqual(Array.from({ length: 30_000 }, (_, i) => i / 3));
});

test.each<[TraceRow[], RequestColumn[], string]>([
  [[], ['time_ms'], ': there are no rows to write'],
  [[{ timeMs: 1 }, { timeMs: NaN }], ['time_ms'], ': row 2: time_ms is NaN; a finite number ≥ 0 is needed'],
  [[{ timeMs: -1 }], ['time_ms'], ': row 1: time_ms is -1'],
  [[{ timeMs: Infinity }], ['time_ms'], ': row 1: time_ms is Infinity'],
  [[{ timeMs: 2 }, { timeMs: 1 }], ['time_ms'], ': row 2: time_ms is 1, before the 2 of the row above'],
  [[{ timeMs: 1, app: 'a' }], ['time_ms'], ': row 1: it has the app "a", but "app" is not among the columns'],
  [[{ timeMs: 1 }], everyColumn, ': row 1: it has no app, but "app" is among the columns'],
  [[{ timeMs: 1, app: '' }], everyColumn, ': row 1: it has no app'],
  [[{ timeMs: 1, app: 'a\nb' }], everyColumn, ': row 1: its app "a\\nb" has a line break in its name'],
  [[{ timeMs: 1, app: '\ud800' }], everyColumn, ': row 1: its app "\\ud800" is not valid Unicode'],
  [[{ timeMs: 1, sloMs: 0 }], ['time_ms', 'slo_ms'], ': row 1: slo_ms is 0; a finite number above 0 is needed'],
  [[{ timeMs: 1, sloMs: 5 }], ['time_ms'], ': row 1: it has the SLO 5, but "slo_ms" is not among the columns'],
  [[{ timeMs: 1 }], ['slo_ms'], ': the column time_ms is missing'],
  [[{ timeMs: 1 }], ['time_ms', 'time_ms'], ': a column is there twice'],
  [[{ timeMs: 1 }], ['time_ms', 'user' as RequestColumn], ': unknown column "user"; columns are time_ms, app, slo_ms'],
])('%j in %j is refused, and what was there stays', async (rows, columns, message) => {
  const path = join(folder, 'kept.csv');
  await writeFile(path, 'before');
  const error = await writeTrace(path, rows, { columns }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).message).toContain(`${path}${message}`);
  expect(await readFile(path, 'utf8')).toBe('before');
  expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

test('a folder that is not there is said', async () => {
  const path = join(folder, 'no', 'x.csv');
  await expect(writeTrace(path, [{ timeMs: 1 }])).rejects.toThrow(`${path}: its folder does not exist; make it first`);
});
