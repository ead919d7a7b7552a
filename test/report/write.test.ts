import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { csv, differencesCsv, metricsCsv } from '../../src/report/csv.js';
import { requestsParquet } from '../../src/report/requests.js';
import { writeOutputs } from '../../src/report/write.js';
import { fixture } from './fixture.js';

const { comparison, detail } = fixture();

/** RFC 4180, as another program would read it. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++;
        field += text[at];
      }
      at++;
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\n') field += text[at++];
    rows[rows.length - 1].push(field);
    if (text[at] === '\n' && at + 1 < text.length) rows.push([]);
    at++;
  }
  return rows;
}

describe('CSV', () => {
  it('quotes what would break a row', () => {
    const rows = [['plain', 'a,b', 'say "hi"', 'two\nlines', 'cr\r']];
    expect(csv(rows)).toBe('plain,"a,b","say ""hi""","two\nlines","cr\r"\n');
    expect(parse(csv(rows))).toEqual(rows);
  });

  it('has every metric of every alternative and app, to the last digit', () => {
    const [head, ...rows] = parse(metricsCsv(comparison));
    expect(head).toEqual(['alternative', 'app', 'metric', 'mean', 'ci95_lo', 'ci95_hi', 'interval95_model_lo', 'interval95_model_hi']);
    for (const a of comparison.alternatives) {
      for (const [metric, e] of Object.entries(a.metrics)) {
        const row = rows.find((r) => r[0] === a.name && r[1] === '' && r[2] === metric)!;
        expect(row.slice(3, 6).map(Number)).toEqual([e.mean, ...e.ci95]);
        expect(row.slice(6)).toEqual((e.interval95_model ?? ['', '']).map(String));
      }
    }
    const count = (m: object): number => Object.keys(m).length;
    expect(rows.length).toBe(
      comparison.alternatives.reduce((sum, a) => sum + count(a.metrics) + Object.values(a.apps ?? {}).reduce((s, m) => s + count(m), 0), 0),
    );
  });

  it('has every difference', () => {
    const [, ...rows] = parse(differencesCsv(comparison));
    expect(rows.map((r) => [r[0], r[1], r[2], Number(r[3])])).toEqual(comparison.differences.map((d) => [d.a, d.b, d.metric, d.mean]));
  });
});

describe('Parquet', () => {
  it('reads back as the recorded requests', async () => {
    const bytes = await requestsParquet(detail);
    const rows = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
    expect(rows).toEqual(detail.recordings.flatMap((r) => r.requests.map((row) => ({ alternative: r.alternative, ...row }))));
    expect(Object.keys(rows[0])[0]).toBe('alternative');
  });

  it('is a valid file without a request', async () => {
    const bytes = await requestsParquet({ recordings: [], distributions: [] });
    expect(await parquetReadObjects({ file: bytes.buffer as ArrayBuffer })).toEqual([]);
  });
});

describe('writeOutputs', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'corun-report-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  it('writes the files that it lists, and nothing else', async () => {
    const out = join(dir, 'a', 'b');
    const written = await writeOutputs(out, comparison, detail, { parquet: true });
    expect(written.map((path) => basename(path))).toEqual([
      'summary.json',
      'metrics.csv',
      'differences.csv',
      'timeline.json',
      'report.html',
      'requests.parquet',
    ]);
    expect((await readdir(out)).sort()).toEqual(written.map((path) => basename(path)).sort());
    expect(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8'))).toEqual(comparison);
  });

  it('gives the same bytes again, over the old files', async () => {
    const read = async (): Promise<Buffer[]> =>
      Promise.all((await writeOutputs(dir, comparison, detail, { parquet: true })).map((path) => readFile(path)));
    const first = await read();
    const second = await read();
    expect(first.map((bytes, i) => bytes.equals(second[i]))).toEqual(first.map(() => true));
  });

  it('leaves Parquet out unless asked for', async () => {
    const written = await writeOutputs(dir, comparison, detail, { parquet: false });
    expect(written.some((path) => path.endsWith('.parquet'))).toBe(false);
  });

  it('says what is wrong with a directory that is a file', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    await expect(writeOutputs(file, comparison, detail, { parquet: false })).rejects.toThrow(InputError);
    await expect(writeOutputs(join(file, 'below'), comparison, detail, { parquet: false })).rejects.toThrow(
      /--out: cannot write .*below: a part of the path is a file/,
    );
  });

  it('leaves no unfinished file where a name is taken by a directory', async () => {
    await mkdir(join(dir, 'summary.json', 'inside'), { recursive: true });
    await expect(writeOutputs(dir, comparison, detail, { parquet: false })).rejects.toThrow(InputError);
    expect(await readdir(dir)).toEqual(['summary.json']);
  });
});
