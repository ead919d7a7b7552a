import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Fingerprints } from '../../src/calibration/observations/fingerprints.js';
import { observationsFile } from '../../src/calibration/observations/folder.js';
import { KeptValues } from '../../src/calibration/observations/kept.js';
import { readObservations } from '../../src/calibration/observations/read.js';
import { columnNames } from '../../src/calibration/observations/columns.js';
import { csv, fileOf, HEAD, plainRows } from './files.js';

const read = (text: string) => readObservations(fileOf(text));
/** The message, with the file called FILE. */
async function fault(text: string | Buffer): Promise<string> {
  const file = fileOf(text);
  const error: Error = await readObservations(file).then(
    () => new Error('no error'),
    (e: Error) => e,
  );
  expect(error.name).toBe('InputError');
  return error.message.replaceAll(file, 'FILE');
}
const row = (part: Record<string, string | number>, head = HEAD): string => {
  const usual: Record<string, string | number> = { run: 'r', process: 1, start_ms: 0, workload: 'inference', model: 'cnn', phase: 'steady', inference_jobs: 2, training_jobs: 0, duration_ms: 10 };
  return head.split(',').map((c) => part[c] ?? usual[c] ?? '').join(',');
};
const faultOf = (part: Record<string, string | number>, head = HEAD): Promise<string> => fault(csv([row({ start_ms: 5 }, head), row(part, head)], head));

describe('reading observations', () => {
  it('gathers groups, processes and medians, from plain and gzip files alike', async () => {
    const text = csv(plainRows(3));
    const plain = await read(text);
    expect(plain.rows).toBe(48);
    expect(plain.groups.map((g) => [g.inferenceJobs, g.n, g.clusters.length])).toEqual([[1, 8, 1], [2, 16, 2], [3, 24, 3]]);
    expect(plain.warnings).toEqual([]);
    const packed = await readObservations(fileOf(text, { gzip: true }));
    expect(packed.groups).toEqual(plain.groups);
  });

  it('takes columns in any order, with a byte order mark, quotes, CRLF and no last line break', async () => {
    const head = HEAD.split(',').reverse().join(',');
    const { groups } = await read(`\uFEFF${head}\r\n${row({}, head)}\r\n${row({ start_ms: 4, duration_ms: '"12"' }, head)}`);
    expect([...groups[0].clusters[0].keptMs]).toEqual([10, 12]);
  });

  it('keeps apart what is not equal: phase, units, batch, training model, mode, neighbours, share', async () => {
    const extra = ['units', 'batch', 'training_model', 'mode', 'neighbours', 'share_percent'];
    const head = [HEAD, ...extra].join(',');
    const parts: Record<string, string | number>[] = [{}, { phase: 'loading' }, { units: 5 }, { batch: 8 }, { training_jobs: 1, training_model: 'big' }, { mode: 'open' }, { neighbours: 'other:4' }, { share_percent: 50 }];
    const { groups } = await read(csv(parts.map((p, i) => row({ ...p, start_ms: i }, head)), head));
    expect(new Set(groups.map((g) => g.name)).size).toBe(parts.length);
  });

  it('takes neighbours in any order for the same', async () => {
    const head = `${HEAD},neighbours`;
    const { groups } = await read(csv([row({ inference_jobs: 4, neighbours: '2*a:8+b' }, head), row({ start_ms: 1, inference_jobs: 4, neighbours: 'b + 2 * a:8' }, head)], head));
    expect(groups).toHaveLength(1);
    expect(groups[0].neighbours).toEqual([{ model: 'a', batch: 8, count: 2 }, { model: 'b', count: 1 }]);
  });

  it('averages utilisation, and counts memory', async () => {
    const head = `${HEAD},accelerator_busy,memory_mib`;
    const { groups } = await read(csv([row({ accelerator_busy: 0.4, memory_mib: 1000 }, head), row({ start_ms: 1, accelerator_busy: 0.6, memory_mib: 1200 }, head), row({ start_ms: 2 }, head)], head));
    expect(groups[0]).toMatchObject({ readings: { accelerator_busy: 0.5 }, memory: [{ mib: 1000, rows: 1 }, { mib: 1200, rows: 1 }], n: 3 });
  });
});

describe('what is wrong with a header', () => {
  it('is told all at once: missing, unknown, repeated', async () => {
    const message = await fault('run,workload,model,inference_job,training_jobs,duration_s,run\n');
    expect(message).toContain('FILE:1:20: "inference_job": unknown column; did you mean inference_jobs?');
    expect(message).toContain('"duration_s": unknown column; did you mean duration_ms?');
    expect(message).toContain('run: this column is there a second time');
    expect(message).toContain('FILE:1:1: missing columns inference_jobs, duration_ms');
    for (const name of columnNames) expect(message).toContain(name);
  });

  it('is that there is none, or no rows', async () => {
    expect(await fault('')).toContain('FILE:1:1: the file is empty');
    expect(await fault(`${HEAD}\n`)).toBe('FILE:2:1: there are no rows');
  });
});

describe('another format', () => {
  const good = csv(plainRows(2));
  it.each([
    ['semicolons', good.replaceAll(',', ';'), 'columns are separated by semicolons; save the file with commas'],
    ['tabs', good.replaceAll(',', '\t'), 'columns are separated by tabs'],
    ['carriage returns', good.replaceAll('\n', '\r'), 'lines end with a carriage return alone'],
    ['UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le'), 'the file is UTF-16; save it as UTF-8'],
    ['UTF-16 without a mark', Buffer.from(good, 'utf16le').swap16(), 'the file is UTF-16; save it as UTF-8'],
    ['bytes', Buffer.from([1, 2, 0, 0, 200, 7, 10]), 'this is not text'],
    ['JSON', '{"a": 1}\n', 'this is JSON; corun fit reads observations as CSV'],
    ['a journal', '{"kind":"plan","turns":[]}\n', 'this is the journal of a calibration; corun fit reads observations as CSV'],
    ['bars', good.replaceAll(',', '|'), 'columns are separated by bars'],
    ['no header', good.slice(good.indexOf('\n') + 1), 'this is a row, not the names of columns'],
    ['a damaged gzip file', Buffer.from('1f8b78787878787878787878', 'hex'), 'FILE: the gzip file is damaged'],
    ['a gzip file that was cut off', gzipSync(good).subarray(0, 60), 'FILE: the gzip file ends before its content does'],
  ])('is told by its name: %s', async (_, content, message) => {
    expect(await fault(content)).toContain(message);
  });
});

describe('a folder', () => {
  it('stands for the observations in it; without them, what is in it is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corun-observations-'));
    try {
      await expect(observationsFile(folder)).rejects.toThrow('this is a folder without observations.csv; name an observations file');
      await writeFile(join(folder, 'mine.csv'), '');
      await expect(observationsFile(folder)).rejects.toThrow(`did you mean ${join(folder, 'mine.csv')}?`);
      await writeFile(join(folder, 'journal.jsonl'), '');
      await expect(observationsFile(folder)).rejects.toThrow('run corun calibrate with the same --out again');
      await writeFile(join(folder, 'observations.csv.gz'), '');
      expect(await observationsFile(folder)).toBe(join(folder, 'observations.csv.gz'));
      await writeFile(join(folder, 'observations.csv'), '');
      expect(await observationsFile(folder)).toBe(join(folder, 'observations.csv'));
      expect(await observationsFile('nowhere.csv')).toBe('nowhere.csv');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('what is wrong with a row', () => {
  it.each([
    [{ duration_ms: 0 }, 'FILE:3:32: duration_ms: found "0", a duration above 0 in ms is needed'],
    [{ duration_ms: -3 }, 'duration_ms: found "-3", a duration above 0 in ms is needed'],
    [{ duration_ms: 'x' }, 'duration_ms: found "x", a duration above 0 in ms is needed'],
    [{ duration_ms: 'Infinity' }, 'duration_ms: found "Infinity", a duration above 0 in ms is needed'],
    [{ inference_jobs: 0 }, 'inference_jobs: found 0 for an inference, but the observed job counts: at least 1 is needed'],
    [{ workload: 'training' }, 'training_jobs: found 0 for a training job, but the observed job counts: at least 1 is needed'],
    [{ inference_jobs: 1.5 }, 'inference_jobs: found "1.5", a whole number of jobs, 0 or more and at most 1000, is needed'],
    [{ inference_jobs: 999_999 }, 'inference_jobs: found "999999", a whole number of jobs, 0 or more and at most 1000, is needed'],
    [{ inference_jobs: -1 }, 'inference_jobs: found "-1", a whole number of jobs, 0 or more and at most 1000, is needed'],
    [{ workload: 'inferrence' }, 'workload: found "inferrence", inference or training is needed; did you mean inference?'],
    [{ phase: 'stedy' }, 'phase: found "stedy"; did you mean steady?'],
    [{ phase: 'solo' }, 'phase: found solo with 2 inference and 0 training jobs; alone means one job in all'],
    [{ run: '' }, 'run: found nothing, the name of the run is needed'],
  ])('%j', async (part, message) => {
    expect(await faultOf({ start_ms: 9, ...(part as unknown as Record<string, string>) })).toContain(message);
  });

  it.each([
    ['training_model', { training_model: 'big' }, 'training_model: found "big" where training_jobs is 0'],
    ['training_model', { workload: 'training', training_jobs: 1, training_model: 'big' }, 'the only training job is the observed one, "cnn"'],
    ['accelerator_busy', { accelerator_busy: 45 }, 'accelerator_busy: found "45", a share from 0 to 1 is needed (percent / 100)'],
    ['share_percent', { share_percent: 150 }, 'share_percent: found "150", a number above 0, at most 100, is needed'],
    ['neighbours', { neighbours: '3*b' }, 'neighbours: names 3 inference jobs, but inference_jobs leaves 1 beside the observed one'],
    ['neighbours', { neighbours: '*' }, 'neighbours: found "*", the other inference jobs are needed as 2*resnet50:8+vgg16'],
    ['mode', { mode: 'opened' }, 'mode: found "opened", closed or open is needed; did you mean open?'],
    ['units', { units: 0 }, 'units: found "0", a number above 0 is needed'],
    ['memory_mib', { memory_mib: -1 }, 'memory_mib: found "-1", a number of at least 0 is needed'],
  ])('%s: %j', async (column, part, message) => {
    expect(await faultOf({ start_ms: 9, ...(part as unknown as Record<string, string>) }, `${HEAD},${column}`)).toContain(message);
  });

  it('is told for ten rows, and then reading stops', async () => {
    const message = await fault(csv(Array.from({ length: 30 }, (_, i) => row({ start_ms: i, duration_ms: -1 }))));
    expect(message.split('\n')).toHaveLength(11);
    expect(message).toContain('FILE:2:');
    expect(message).toContain('and possibly more');
  });

  it('is a row that was cut off', async () => {
    expect(await fault(`${HEAD}\nr,1,0,inference,cnn\n`)).toMatch(/FILE:2:\d+: the row ends after 5 of 9 fields/);
  });
});

describe('rows that are suspicious', () => {
  it('are left out where they are there a second time, and named', async () => {
    const rows = plainRows(2);
    const { rows: count, warnings } = await read(csv([...rows, rows[3], rows[5]]));
    expect(count).toBe(rows.length);
    expect(warnings).toEqual([expect.stringMatching(/: 2 rows are there a second time \(lines 26, 27\) and were left out\.$/)]);
  });

  it('are not taken for repeated where there are no times: two measurements may be equal', async () => {
    const head = 'run,workload,model,inference_jobs,training_jobs,duration_ms';
    const { rows, warnings } = await read(`${head}\nr,inference,cnn,1,0,10\nr,inference,cnn,1,0,10\n`);
    expect(rows).toBe(2);
    expect(warnings).toEqual([expect.stringContaining('there is no column process')]);
  });

  it('are those of another file, when it is read with the same memory', async () => {
    const seen = new Fingerprints();
    await readObservations(fileOf(csv(plainRows(2))), seen);
    const { rows, warnings } = await readObservations(fileOf(csv(plainRows(2).concat(row({ start_ms: 99_999 })))), seen);
    expect(rows).toBe(1);
    expect(warnings[0]).toContain('24 rows are there a second time');
  });

  it('are seconds among milliseconds: a whole process, a part of its rows, or a whole group', async () => {
    const inS = (text: string) => text.replace(/,([\d.]+)$/, (_, ms: string) => `,${Number(ms) / 1000}`);
    const rows = plainRows(3);
    expect(await fault(csv(rows.map((r) => (/^r,1,/.test(r) && /,3,0,/.test(r) ? inS(r) : r))))).toMatch(/FILE:\d+: duration_ms: process 1 of .* Were seconds or microseconds mixed/);
    expect(await fault(csv(rows.map((r, i) => (i % 4 === 0 && /,3,0,/.test(r) ? inS(r) : r))))).toMatch(/in 25 % of its rows/);
    expect(await fault(csv(rows.map((r) => (/,3,0,/.test(r) ? inS(r) : r))))).toMatch(/3\+0 jobs, steady takes 0.022 ms, alone it takes 14.07 ms/);
  });

  it('are a single stall, which is a warning', async () => {
    const { warnings } = await read(csv([...plainRows(3), row({ start_ms: 77_777, inference_jobs: 3, duration_ms: 9000 })]));
    expect(warnings).toEqual([expect.stringMatching(/:50: .* and 9000 ms here\. A stall, or another unit\?/)]);
  });
});

describe('a large file', () => {
  it('is kept in a memory that has a limit: evenly over time', () => {
    const budget = { used: 0, most: 1e6 };
    const kept = new KeptValues(budget, 64);
    for (let i = 0; i < 10_000; i++) kept.add(i);
    const values = [...kept.kept()];
    expect(values.length).toBeLessThanOrEqual(64);
    expect(values.length).toBeGreaterThan(30);
    const step = values[1] - values[0];
    expect(values.every((v, i) => v === i * step)).toBe(true);
    expect(budget.used).toBe(values.length);
  });

  it('keeps less of each process when all together are too many', () => {
    const budget = { used: 0, most: 200 };
    const all = Array.from({ length: 10 }, () => new KeptValues(budget, 4096));
    for (let i = 0; i < 1000; i++) for (const k of all) k.add(i);
    expect(budget.used).toBeLessThanOrEqual(200 + 16);
    for (const k of all) expect(k.kept().length).toBeGreaterThan(7);
  });

  it('knows a row again among many', () => {
    const seen = new Fingerprints();
    const text = (i: number) => Buffer.from(`run,${i},${i * 31}`);
    for (let i = 0; i < 100_000; i++) expect(seen.seen(text(i), 0, text(i).length)).toBe(false);
    for (let i = 0; i < 100_000; i += 997) expect(seen.seen(text(i), 0, text(i).length)).toBe(true);
  });
});
