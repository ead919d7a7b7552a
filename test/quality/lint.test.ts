import { ESLint, type Linter } from 'eslint';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const cwd = fileURLToPath(new URL('../../', import.meta.url));

/** Most rules need no types, and are much faster without. */
const untyped = new ESLint({ cwd, overrideConfig: tseslint.configs.disableTypeChecked as Linter.Config });

/** What is reported for a text, as if it lay at a path. */
async function findings(code: string, filePath: string, eslint = untyped): Promise<{ rule: string | null; message: string }[]> {
  const [{ messages }] = await eslint.lintText(code, { filePath });
  return messages.map(({ ruleId, message }) => ({ rule: ruleId, message }));
}

const PURE = ['random', 'statistics', 'contention', 'learning', 'policy', 'control', 'measurement', 'simulator'];
const SEEDED = 'src/simulator/seeded.ts';

const lastBits = {
  'Math.pow': 'export const f = (x: number) => Math.pow(x, 2);',
  'a fractional power': 'export const f = (x: number) => x ** 0.5;',
  'a cube': 'export const f = (x: number) => x ** 3;',
  'a power of ten': 'export const F = 10 ** -3;',
  'an unknown power': 'export const f = (x: number, n: number) => x ** n;',
  'an unknown power of two': 'export const f = (n: number) => 2 ** n;',
  'a fractional power of two': 'export const F = 2 ** 0.5;',
  'a power in place': 'export function f(x: number) { x **= 3; return x; }',
  ...Object.fromEntries(
    ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'hypot'].map((name) => [`Math.${name}`, `export const F = Math.${name}(0.3);`]),
  ),
  'a function of Math by a computed name': `export const F = Math['sin'](0.3);`,
  'a function taken out of Math': 'export const { sin } = Math;',
  'Math.random': 'export const F = Math.random();',
  'crypto, the global': 'export const F = crypto.randomUUID();',
  'crypto, the module': `import { randomInt } from 'node:crypto';\nexport const F = randomInt(3);`,
  'crypto, by its old name': `import { randomInt } from 'crypto';\nexport const F = randomInt(3);`,
  Intl: `export const F = new Intl.NumberFormat('en');`,
  localeCompare: 'export const f = (a: string, b: string) => a.localeCompare(b);',
  'localeCompare, passed on': 'export const { localeCompare } = String.prototype;',
  toLocaleString: 'export const f = (x: number) => x.toLocaleString();',
  toLocaleUpperCase: 'export const f = (x: string) => x.toLocaleUpperCase();',
};

const clocksAndIo = {
  'Date.now': 'export const F = Date.now();',
  'new Date': 'export const F = new Date();',
  'performance.now': 'export const F = performance.now();',
  'process.hrtime': 'export const F = process.hrtime.bigint();',
  'process.env': 'export const F = process.env.HOME;',
  setTimeout: 'setTimeout(() => {}, 1);',
  setInterval: 'setInterval(() => {}, 1);',
  setImmediate: 'setImmediate(() => {});',
  'globalThis, which has them all': 'export const F = (globalThis as { Date?: unknown }).Date;',
  fetch: 'export const f = () => fetch("x");',
  console: 'console.log(1);',
  'node:fs': `import { readFileSync } from 'node:fs';\nexport const f = readFileSync;`,
  'node:fs/promises': `import { readFile } from 'node:fs/promises';\nexport const f = readFile;`,
  'node:perf_hooks': `import { performance as p } from 'node:perf_hooks';\nexport const F = p.now();`,
  'node:timers': `import { setTimeout as later } from 'node:timers';\nlater(() => {}, 1);`,
  'fs, by its old name': `import { readFileSync } from 'fs';\nexport const f = readFileSync;`,
  'fs, exported again': `export { readFileSync } from 'node:fs';`,
  'an import at run time': `export const f = async () => (await import('../random/stream.js')).stream;`,
};

const simulatedBranches = {
  if: 'export function f(simulated: boolean) { if (simulated) return 1; return 2; }',
  'if not': 'export function f(isSimulated: boolean) { if (!isSimulated) return 1; return 2; }',
  'if of a field': 'export function f(run: { isSimulated: boolean }) { if (run.isSimulated) return 1; return 2; }',
  'if of a call': 'export function f(run: { isSimulated(): boolean }, n: number) { if (n > 1 && run.isSimulated()) return 1; return 2; }',
  'a conditional expression': 'export const f = (simulated: boolean) => (simulated ? 1 : 2);',
  'a logical expression': 'export const f = (simulated: boolean, g: () => void) => simulated && g();',
};

const clean = `import { spreadQuantile } from '../random/service.js';

const BINS = 2 ** 10;
const UNIT = 2 ** -32;

/** A mean. */
export function spreadOf(values: readonly number[], simulatedMs: number, nowMs: number): number {
  const factor = spreadQuantile({ distribution: 'exponential' });
  let sum = 0;
  for (const x of values) sum += (x - 1) ** 2 + Math.exp(-x) * factor(UNIT) + Math.cbrt(x) + Math.log1p(x);
  if (simulatedMs > nowMs) return [...values].sort((a, b) => a - b)[0];
  return Math.sqrt(sum / BINS) * Math.PI;
}
`;

describe.each(PURE.map((folder) => `src/${folder}/seeded.ts`))('%s', (path) => {
  it('may compute', async () => {
    expect(await findings(clean, path)).toEqual([]);
  });

  it('may neither look at a clock, nor at a disk, nor at the machine', async () => {
    for (const code of ['export const F = Date.now();', `import { readFileSync } from 'node:fs';\nexport const f = readFileSync;`, 'export const F = Math.sin(1);'])
      expect(await findings(code, path), code).not.toEqual([]);
  });
});

describe('in a folder that neither knows the time nor the machine', () => {
  it.each(Object.entries({ ...lastBits, ...clocksAndIo, ...simulatedBranches }))('%s is reported, with what to do instead', async (_name, code) => {
    const found = await findings(code, SEEDED);
    expect(found.filter(({ rule }) => rule?.startsWith('no-restricted-')), code).not.toEqual([]);
    for (const { rule, message } of found) {
      expect(rule, message).toMatch(/^no-restricted-(syntax|globals|imports)$/);
      expect(message).toMatch(/\b(use|draw|write|compare|put|hand in)\b/i);
    }
  });
});

describe('elsewhere in src', () => {
  it.each(Object.entries({ ...lastBits, ...simulatedBranches }))('%s is reported where results come about', async (_name, code) => {
    expect(await findings(code, 'src/trace/seeded.ts')).not.toEqual([]);
    expect(await findings(code, 'src/experiment/seeded.ts')).not.toEqual([]);
  });

  it.each(Object.entries(clocksAndIo))('%s is allowed where traces are read', async (_name, code) => {
    expect(await findings(code, 'src/trace/seeded.ts')).toEqual([]);
  });

  it.each(Object.entries(simulatedBranches))('not even the report branches on being simulated: %s', async (_name, code) => {
    expect(await findings(code, 'src/report/seeded.ts')).not.toEqual([]);
  });

  it('the report may write numbers in a language, and turn a label by an angle', async () => {
    expect(await findings(`export const f = (x: number) => Math.cos(x).toLocaleString('en');`, 'src/report/seeded.ts')).toEqual([]);
  });

  it('opening a policy needs the disk and an import, but no clock and no other module', async () => {
    const opens = `import { access } from 'node:fs/promises';\nimport { fileURLToPath } from 'node:url';\nexport const f = async (m: string) => [access, fileURLToPath, await import(m)];`;
    expect(await findings(opens, 'src/policy/load.ts')).toEqual([]);
    expect(await findings(opens, 'src/policy/contract.ts')).not.toEqual([]);
    for (const [name, code] of Object.entries({ ...lastBits, ...simulatedBranches })) expect(await findings(code, 'src/policy/load.ts'), name).not.toEqual([]);
    for (const name of ['Date.now', 'performance.now', 'setTimeout', 'process.env', 'node:fs', 'node:perf_hooks', 'fs, by its old name'] as const)
      expect(await findings(clocksAndIo[name], 'src/policy/load.ts'), name).not.toEqual([]);
  });
});

describe('everywhere', () => {
  it.each(['it', 'test', 'describe'].flatMap((block) => ['only', 'skip', 'todo'].map((how) => `${block}.${how}`)))('%s is reported in tests', async (call) => {
    expect(await findings(`import { describe, it, test } from 'vitest';\nvoid [describe, it, test];\n${call}('x', () => {});`, 'test/seeded.test.ts')).not.toEqual([]);
  });

  it('an empty catch block is reported', async () => {
    expect(await findings('try { f(); } catch {}\nfunction f(): void {}', 'src/cli/seeded.ts')).toMatchObject([{ rule: 'no-empty' }]);
  });

  it('rules that need types work on the sources', async () => {
    const code = 'async function later(): Promise<number> { return Promise.resolve(1); }\nlater();\n';
    expect(await findings(code, 'src/simulator/network/network.ts', new ESLint({ cwd }))).toMatchObject([{ rule: '@typescript-eslint/no-floating-promises' }]);
  });

  it('scripts are checked as well', async () => {
    expect(await findings('const unused = 1;\nmissing();\n', 'scripts/seeded.mjs')).toMatchObject([{ rule: 'no-unused-vars' }, { rule: 'no-undef' }]);
  });
});
