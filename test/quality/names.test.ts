import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

/** Names that say nothing of what a file is about. */
const EMPTY_NAME = /(^|[-./])(utils?|utilit(y|ies)|helpers?|manager|misc|common)([-./]|$)/i;
const FILE_NAME = /^[a-z0-9]+([-.][a-z0-9]+)*$/;

const files = (folder: string): string[] => readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`);

describe.each(['src', 'test', 'scripts'])('files in %s', (folder) => {
  const names = files(folder);

  it('are there', () => {
    expect(names.length).toBeGreaterThan(folder === 'scripts' ? 2 : 60);
  });

  it('are called after what they are about, never utils, helpers or manager', () => {
    expect(names.filter((name) => EMPTY_NAME.test(name))).toEqual([]);
  });

  it('are written in lower case with hyphens', () => {
    expect(names.filter((name) => /\.(ts|mjs)$/.test(name) && !FILE_NAME.test(name.slice(name.lastIndexOf('/') + 1)))).toEqual([]);
  });
});

it('notices such a name', () => {
  for (const name of ['src/utils.ts', 'src/utils/x.ts', 'src/policy/lane-helpers.ts', 'src/control/worker-manager.ts', 'test/helper.ts']) expect(name).toMatch(EMPTY_NAME);
  for (const name of ['src/policy/utilisation.ts', 'src/simulator/agenda.ts']) expect(name).not.toMatch(EMPTY_NAME);
});
