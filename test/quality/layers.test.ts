import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

/** What `npm run layers` finds in the tree below `folder`. */
function cruise(folder: string): Promise<{ modules: string[]; violations: Violation[] }> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  return new Promise((resolve, reject) => {
    const parameters = [program, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src'];
    execFile(process.execPath, parameters, { cwd: folder, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (stdout === '') return reject(new Error(stderr || String(error)));
      const { modules, summary } = JSON.parse(stdout) as { modules: { source: string }[]; summary: { violations: Violation[] } };
      resolve({ modules: modules.map(({ source }) => source), violations: summary.violations });
    });
  });
}

describe('the sources', () => {
  it('keep the layers, and all of them were looked at', async () => {
    const { modules, violations } = await cruise(root);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(60);
    expect(modules).toEqual(expect.arrayContaining(sources.map((name) => `src/${name}`)));
  });
});

describe('a tree with one fault of each kind', () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'corun-layers-'));
  let found: string[];

  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'seeded', type: 'module', dependencies: { 'vega-lite': '1', yaml: '1' }, devDependencies: { eslint: '1' } }),
    ...Object.fromEntries(
      ['vega-lite', 'yaml', 'eslint', 'undeclared'].flatMap((name) => [
        [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' })],
        [`node_modules/${name}/index.js`, 'export const x = 1;'],
      ]),
    ),
    // What is allowed: down, within a folder, a package where it belongs.
    'src/random/stream.ts': 'export type Stream = () => number;\nexport const stream: Stream = () => 0;',
    'src/policy/contract.ts': `import type { Stream } from '../random/stream.js';\nexport type Policy = (random: Stream) => void;`,
    'src/policy/fine.ts': `import type { Policy } from './contract.js';\nexport const fine: Policy = () => {};`,
    'src/simulator/simulator.ts': `import { fine } from '../policy/fine.js';\nexport const run = () => fine(() => 0);`,
    'src/report/fine.ts': `import { run } from '../simulator/simulator.js';\nexport const chart = async () => [run, await import('vega-lite')];`,
    'src/cli/main.ts': `import { chart } from '../report/fine.js';\nvoid chart();`,
    // What is not.
    'src/policy/up.ts': `import { run } from '../simulator/simulator.js';\nexport const up = run;`,
    'src/policy/up-by-type.ts': `import type { run } from '../simulator/simulator.js';\nexport type Up = typeof run;`,
    'src/policy/up-by-import-type.ts': `export type Up = typeof import('../simulator/simulator.js');`,
    'src/policy/up-later.ts': `export const later = () => import('../simulator/simulator.js');`,
    'src/executor/sideways.ts': `import { run } from '../simulator/simulator.js';\nexport const sideways = run;`,
    'src/simulator/sideways.ts': `import { sideways } from '../executor/sideways.js';\nexport const other = sideways;`,
    'src/scenario/sideways.ts': `import type { Control } from '../control/control.js';\nexport type C = Control;`,
    'src/control/control.ts': `import { fine } from '../policy/fine.js';\nexport type Control = typeof fine;`,
    'src/control/egg.ts': `import { hen } from './hen.js';\nexport const egg = (): unknown => hen;`,
    'src/control/hen.ts': `import { egg } from './egg.js';\nexport const hen = (): unknown => egg;`,
    'src/statistics/alone.ts': 'export const alone = 1;',
    'src/statistics/missing.ts': `import { gone } from './gone.js';\nexport const missing = gone;`,
    'src/simulator/heavy.ts': `import { x } from 'vega-lite';\nexport const heavy = x;`,
    'src/input/development.ts': `import { x } from 'eslint';\nexport const development = x;`,
    'src/input/undeclared.ts': `import { x } from 'undeclared';\nexport const undeclared = x;`,
    'src/utilities/somewhere.ts': `import { stream } from '../random/stream.js';\nexport const somewhere = stream;`,
    'src/index.ts': `import './cli/main.js';\nexport { stream } from './random/stream.js';`,
  };

  beforeAll(async () => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    cpSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    const { violations } = await cruise(folder);
    found = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['an import upwards', 'layer-policy: src/policy/up.ts'],
    ['a type from above', 'layer-policy: src/policy/up-by-type.ts'],
    ['a type from above, inline', 'layer-policy: src/policy/up-by-import-type.ts'],
    ['an import upwards at run time', 'layer-policy: src/policy/up-later.ts'],
    ['the executor knowing the simulator', 'layer-executor: src/executor/sideways.ts'],
    ['the simulator knowing the executor', 'layer-simulator: src/simulator/sideways.ts'],
    ['a folder importing another of its level', 'layer-scenario: src/scenario/sideways.ts'],
    ['a circle', 'no-circle: src/control/egg.ts'],
    ['a file that nobody needs', 'no-orphan: src/statistics/alone.ts'],
    ['an import that leads nowhere', 'resolvable: src/statistics/missing.ts'],
    ['a chart package in the simulator', 'package-vega-vega-lite: src/simulator/heavy.ts'],
    ['a package that is only for development', 'declared-package: src/input/development.ts'],
    ['a package that is not declared', 'declared-package: src/input/undeclared.ts'],
    ['a folder without a layer', 'place-in-the-house: src/utilities/somewhere.ts'],
    ['the exported interface loading the command line', 'index-without-cli: src/index.ts'],
  ])('%s is reported', (_fault, violation) => {
    expect(found).toContain(violation);
  });

  it('nothing is said about what is allowed', () => {
    const allowed = ['random/stream', 'policy/contract', 'policy/fine', 'simulator/simulator', 'report/fine', 'cli/main', 'control/control'];
    expect(found.filter((violation) => allowed.some((name) => violation.endsWith(` src/${name}.ts`)))).toEqual([]);
  });
});
