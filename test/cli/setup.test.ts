import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { corun, mistake } from './corun.js';

const home = mkdtempSync(join(tmpdir(), 'corun-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('corun setup', () => {
  it('lists what is set up, for people and for scripts', () => {
    expect(corun(['setup', 'list', '--dir', home]).stdout).toBe(`nothing is set up in ${home}; try: corun setup tensorflow\n`);
    mkdirSync(join(home, 'tensorflow-gpu'));
    writeFileSync(join(home, 'tensorflow-gpu', 'setup.json'), JSON.stringify({ schema: 'corun/tensorflow-setup@1', gpu: true, tensorflow: '2.21.0', done: ['download'], wheels: [] }));
    expect(corun(['setup', 'list'], { env: { CORUN_HOME: home } }).stdout).toMatch(/^tensorflow-gpu +2\.21\.0 +begun, unpack is next +\S+tfjs-node\n$/);
    expect(JSON.parse(corun(['setup', 'list', '--dir', home, '--format', 'json']).stdout).setups).toMatchObject([{ name: 'tensorflow-gpu', tensorflow: '2.21.0' }]);
  });

  it('takes --version for the version of TensorFlow, and leaves its own meaning elsewhere', () => {
    expect(mistake(corun(['setup', 'tensorflow', '--version', 'newest', '--dir', home]))).toContain('--version newest: a version of TensorFlow is needed, for example 2.21.0');
    expect(corun(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('says what is missing before it downloads anything', () => {
    const said = mistake(corun(['setup', 'tensorflow', '--python', 'no-such-python', '--dir', join(home, 'new')]));
    expect(said).toContain('no-such-python is not here. It needs pip');
  });

  it.each([
    [['setup'], 'setup needs a command, for example: corun setup tensorflow'],
    [['setup', 'tensorflo'], 'tensorflow'],
    [['setup', 'tensorflow', '--dirr', 'x'], 'did you mean --dir?'],
  ])('teaches: corun %j', (args, message) => {
    expect(mistake(corun(args))).toContain(message);
  });

  it('ends its help with an example', () => {
    for (const args of [['setup'], ['setup', 'tensorflow'], ['setup', 'list']]) expect(corun([...args, '--help']).stdout).toMatch(/Examples:\n[^]*corun setup/);
  });
});
