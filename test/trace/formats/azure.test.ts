import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { TraceFormat } from '../../../src/trace/format.js';
import { formats } from '../../../src/trace/formats.js';
import { merged } from '../../../src/trace/merge.js';
import { openTrace } from '../../../src/trace/open.js';
import { replay } from '../../../src/trace/replay.js';
import { writeTrace } from '../../../src/trace/write.js';
import { describeWithSharedData, sharedData } from '../../shared-data.js';
import { readAll } from '../read-all.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-azure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function fileOf(content: string | Uint8Array): string {
  const file = join(folder, `${files++}.csv`);
  writeFileSync(file, content);
  return file;
}

async function timesOf(format: string, content: string | Uint8Array, options: object = {}): Promise<number[]> {
  const opened = await (formats as Record<string, TraceFormat>)[format].open({ file: fileOf(content), ...options }, {});
  return (await readAll(opened)).timeMs;
}

const told = (format: string, content: string | Uint8Array, options: object = {}): Promise<string> =>
  timesOf(format, content, options).then(
    () => 'no error',
    (error: Error) => error.message.replace(/^.*\/\d+\.csv/, 'file'),
  );

const LLM = 'TIMESTAMP,ContextTokens,GeneratedTokens\n';

describe('azure-llm', () => {
  it('gives ms since the first row, exact to the ns', async () => {
    expect(await timesOf('azure-llm', `${LLM}2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,3180,8\n2023-11-16 18:18:00,1,1\n`)).toEqual([0, 52, 56_020.04]);
  });

  it('crosses midnight, the end of February and of the year', async () => {
    expect(await timesOf('azure-llm', `${LLM}2023-12-31 23:59:59.5,1,1\n2024-01-01 00:00:00.25,1,1\n2024-02-28 23:59:59,1,1\n2024-02-29 00:00:00,1,1\n2024-03-01 00:00:00,1,1\n`)).toEqual([
      0, 750, 58 * 86_400_000 + 86_399_500, 59 * 86_400_000 + 500, 60 * 86_400_000 + 500,
    ]);
  });

  it('brings zones to UTC, takes quotation marks, Windows line ends, a byte order mark and gzip', async () => {
    expect(await timesOf('azure-llm', `\ufeff${LLM}"2024-05-10T00:00:00.009930+00:00",1,2\r\n2024-05-10 02:00:01.00993+02:00,3,4`.replaceAll('\n', '\r\n').replaceAll('\r\r\n', '\r\n'))).toEqual([0, 1000]);
    expect(await timesOf('azure-llm', gzipSync(`${LLM}2024-05-10 00:00:00Z,1,2\n`))).toEqual([0]);
  });

  it('gives the same rows whatever the size of the blocks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 30 }), async (gapsUs, block) => {
        let us = 0;
        const times = gapsUs.map((gap) => (us += gap));
        const stamp = (at: number): string => `2023-11-16 00:${String(Math.floor(at / 60e6)).padStart(2, '0')}:${String(Math.floor(at / 1e6) % 60).padStart(2, '0')}.${String(at % 1e6).padStart(6, '0')}`;
        const file = fileOf(`${LLM}${times.map((at) => `${stamp(at)},1,1\n`).join('')}`);
        const { timeMs } = await readAll(await replay({ format: 'azure-llm', file }, {}), block);
        expect(timeMs).toEqual(times.map((at) => (at - times[0]) / 1000));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['', 'file:1:1: the file is empty; format azure-llm begins with TIMESTAMP,ContextTokens,GeneratedTokens'],
    [LLM, 'file:2:1: there are no rows below the header; at least one request is needed'],
    ['time_ms\n1\n', 'file:1:1: found the column "time_ms", TIMESTAMP is needed; this looks like format corun-csv: name that instead'],
    ['TIMESTAMP,ContextTokens\n', 'file:1:25: found no column GeneratedTokens; format azure-llm begins with TIMESTAMP,ContextTokens,GeneratedTokens'],
    [`${LLM}2023-11-16 18:17:04,1,1\n2023-11-16 18:17:03.5,1,1\n`, 'file:3:1: TIMESTAMP: found "2023-11-16 18:17:03.5", 0.5 s before the row above; rows must be in order of time: sort the file by this column'],
    [`${LLM}2023-11-16 18:17:04,1\n`, 'file:2:22: the row ends after 2 of 3 fields; was the file cut off?'],
    [`${LLM}2023-11-16 18:17:04,1,1,1\n`, 'file:2:24: the row has more than 3 fields'],
    [`${LLM}2023-11-16 18:17:04,1,1\n\n`, 'file:3:1: the line is empty; delete it'],
    [`${LLM}16.11.2023 18:17:04,1,1\n`, 'file:2:1: TIMESTAMP: found "16.11.2023 18:17:04"; a time such as 2023-11-16 18:17:03.9799600, with or without a zone (Z, +01:00), is needed'],
    [`${LLM}2023-02-29 18:17:04,1,1\n`, 'file:2:1: TIMESTAMP: found "2023-02-29 18:17:04", which is no time of any day'],
    [`${LLM}2023-11-16 18:17:04,1,1\n2023-11-16 18:17:05Z,1,1\n`, 'file:3:1: TIMESTAMP: found "2023-11-16 18:17:05Z", with a time zone, but the first row has none; write all or none of them with a zone'],
    [`${LLM}2023-11-16 18:17:04,x,1\n`, 'file:2:21: ContextTokens: found "x", a whole number is needed'],
    [Buffer.from(`\ufeff${LLM}`, 'utf16le'), 'file:1:1: the file is UTF-16; save it as UTF-8'],
  ])('%s', async (content, message) => {
    expect(await told('azure-llm', content)).toBe(message);
  });

  it('says where gzip data were cut off', async () => {
    const packed = gzipSync(`${LLM}${'2023-11-16 18:17:04,1,1\n'.repeat(10_000)}`);
    expect(await told('azure-llm', packed.subarray(0, packed.length - 20))).toMatch(/^file:\d+:1: the gzip data end here, in the middle/);
  });

  it('is told by name where another format was named', async () => {
    expect(await told('corun-csv', `${LLM}2023-11-16 18:17:04,1,1\n`)).toBe('file:1:1: this looks like format azure-llm, not like corun-csv; name that format');
  });
});

describe('azure-functions-2021', () => {
  const head = 'app,func,end_timestamp,duration\n';

  it('gives the starts in order, from the first one', async () => {
    // Starts: 100, 99.5, 103, 101.
    expect(await timesOf('azure-functions-2021', `${head}a,f,101,1\na,g,100,0.5\nb,f,103.5,0.5\na,f,111,10\n`)).toEqual([0, 500, 1500, 3500]);
  });

  it('picks an app and a function', async () => {
    const rows = `${head}a,f,1,0\na,g,2,0\nb,f,4,0\nb,f,8,0\n`;
    expect(await timesOf('azure-functions-2021', rows, { hash_app: 'b' })).toEqual([0, 4000]);
    expect(await timesOf('azure-functions-2021', rows, { hash_function: 'f' })).toEqual([0, 3000, 7000]);
    expect(await told('azure-functions-2021', rows, { hash_app: 'c' })).toBe('file:6:1: none of the 4 rows has the app and function that were asked for; at least one request is needed');
  });

  it('refuses a row that starts too long before what was given', async () => {
    expect(await told('azure-functions-2021', `${head}a,f,10,0\na,f,20,0\na,f,40,0\na,f,12,0\n`, { reorder_s: 5 })).toBe(
      'file:5:5: end_timestamp: starts at 12 s, 8 s before a row that stands above and was already given; set reorder_s to more than 28',
    );
    expect(await timesOf('azure-functions-2021', `${head}a,f,10,0\na,f,20,0\na,f,40,0\na,f,12,0\n`, { reorder_s: 30 })).toEqual([0, 2000, 10_000, 30_000]);
  });

  it('is sorted whatever the order within the window', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 30 })), { minLength: 1, maxLength: 60 }), async (rows) => {
        const times = await timesOf('azure-functions-2021', `${head}${rows.map(([start, duration]) => `a,f,${start + duration},${duration}\n`).join('')}`, { reorder_s: 101 });
        const sorted = rows.map(([start]) => start).sort((a, b) => a - b);
        expect(times).toEqual(sorted.map((start) => (start - sorted[0]) * 1000));
      }),
      { numRuns: 50 },
    );
  });
});

describe('azure-functions-2019', () => {
  const minutes = Array.from({ length: 1440 }, (_, i) => i + 1);
  const head = `HashOwner,HashApp,HashFunction,Trigger,${minutes.join()}\n`;
  const row = (ids: string, counts: Record<number, number>): string => `${ids},${minutes.map((m) => counts[m] ?? 0).join()}\n`;
  const day = `${head}${row('o,a,f,http', { 1: 2, 3: 1 })}${row('o,a,g,timer', { 1: 1, 1440: 1 })}`;

  it('adds up all functions, evenly within their minute', async () => {
    expect(await timesOf('azure-functions-2019', day)).toEqual([10_000, 30_000, 50_000, 150_000, 1439 * 60_000 + 30_000]);
  });

  it('picks by trigger, and says which there are', async () => {
    expect(await timesOf('azure-functions-2019', day, { trigger: 'http' })).toEqual([15_000, 45_000, 150_000]);
    expect(await told('azure-functions-2019', day, { trigger: 'queue' })).toBe('file:4:1: none of the 2 functions is the one that was asked for (triggers: http, timer)');
  });

  it('places them at uniform moments, the same every time, if wanted', async () => {
    const busy = `${head}${row('o,a,f,http', { 2: 5000 })}`;
    const times = await timesOf('azure-functions-2019', busy, { within_minute: 'uniform' });
    expect(times).toEqual(await timesOf('azure-functions-2019', busy, { within_minute: 'uniform' }));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBe(5000);
    expect(times[0]).toBeGreaterThanOrEqual(60_000);
    expect(times[4999]).toBeLessThan(120_000);
    // Mean of 5,000 uniform draws: 90 s, standard error 60/√12/√5000 = 0.245 s.
    expect(Math.abs(times.reduce((sum, t) => sum + t, 0) / 5000 - 90_000)).toBeLessThan(4 * 245);
  });

  it('refuses what is no count', async () => {
    expect(await told('azure-functions-2019', `${head}${row('o,a,f,http', {}).replace(',0,', ',-1,')}`)).toContain('a whole number is needed');
  });
});

describeWithSharedData('the real traces', () => {
  it.each([
    ['code', 8819, 3_435_948.056],
    ['conv', 19_366, 3_501_721.937],
  ])('%s: every row, from 0 to the last', async (name, rows, lastMs) => {
    const { timeMs } = await readAll(await replay({ format: 'azure-llm', file: sharedData(`traces/azure-llm-2023-${name}.csv`) }, {}));
    expect(timeMs).toHaveLength(rows);
    expect(timeMs[0]).toBe(0);
    expect(timeMs[rows - 1]).toBeCloseTo(lastMs, 6);
  });

  it('converted to corun-csv it has the same times', async () => {
    const source = { format: 'azure-llm', file: sharedData('traces/azure-llm-2023-code.csv') };
    const out = join(folder, 'converted.csv.gz');
    await writeTrace(out, merged([{ arrivals: await replay(source, {}), app: 'code', sloMs: 100 }]), { columns: ['time_ms', 'app', 'slo_ms'] });
    const original = await readAll(await replay(source, {}));
    const converted = await readAll(await openTrace(out));
    expect(converted.timeMs).toEqual(original.timeMs);
    expect(new Set(converted.sloMs)).toEqual(new Set([100]));
  });
});
