import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { TraceFormat } from '../../src/trace/format.js';
import { defaultFormat, formats } from '../../src/trace/formats.js';
import { generators } from '../../src/trace/generators.js';
import { readAll } from './read-all.js';

const docs = readFileSync(new URL('../../docs/traces.md', import.meta.url), 'utf8');

describe.each(Object.entries<TraceFormat>(formats))('format %s', (name, format) => {
  test('says what it is under its own name, and refuses unknown options', () => {
    expect(format.name).toBe(name);
    expect(format.about).toMatch(/^[A-Z].*\.$/);
    expect(format.source).not.toBe('');
    expect(new Ajv().compile(format.options)({ flie: 'x.csv' })).toBe(false);
  });
});

test('corun-csv is the default; it needs a file, and opens it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'corun-format-'));
  try {
    const file = join(folder, 'requests.csv');
    await writeFile(file, 'time_ms,app\n1,a\n2,b\n');
    const format: TraceFormat = formats[defaultFormat];
    const valid = new Ajv().compile(format.options);
    expect([valid({ file }), valid({}), valid({ file: '' })]).toEqual([true, false, false]);
    expect((await readAll(await format.open({ file }, { app: 'b', apps: ['a', 'b'] }))).timeMs).toEqual([2]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([...Object.keys(formats), ...Object.keys(generators)])('docs/traces.md has a section for %s', (name) => {
  expect(docs).toMatch(new RegExp(`^### \`${name}\`$`, 'm'));
});

test('docs/traces.md describes every option', () => {
  for (const { options } of [...Object.values<TraceFormat>(formats), ...Object.values(generators)]) {
    for (const option of Object.keys(options.properties)) expect(docs).toContain(`\`${option}\``);
  }
});
