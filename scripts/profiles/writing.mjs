// What the scripts that make profiles from published measurements have in common: where to read and write, and how tables look.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({ options: { out: { type: 'string', default: root } } });

/** The restated measurements of one publication. */
export const readPublished = (name) => parse(readFileSync(join(root, `calibration/published/${name}.yaml`), 'utf8'));

/** Writes below --out, which stands for the repository's root and is it by default. */
export function write(path, text) {
  mkdirSync(dirname(join(options.out, path)), { recursive: true });
  writeFileSync(join(options.out, path), text);
  process.stderr.write(`${path}\n`);
}

const flatLists = (json) => json.replace(/\[\s+([-\d.e,\s]+?)\s+\]/g, (_, numbers) => `[${numbers.split(/,\s+/).join(', ')}]`);

/** A profile as JSON, with lists of numbers on one line. */
export const writeProfile = (path, profile) => write(path, `${flatLists(JSON.stringify(profile, null, 2))}\n`);

export const rounded = (value, digits) => Number(value.toFixed(digits));

/** A Markdown table, its first column to the left and the others to the right. */
export const table = (head, rows) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** How much ours is above or below theirs, in percent. */
export const difference = (ours, theirs) => `${ours >= theirs ? '+' : '−'}${Math.abs((ours / theirs - 1) * 100).toFixed(1)} %`;

export const fromEntries = (keys, value) => Object.fromEntries(keys.map((key) => [key, value(key)]));
