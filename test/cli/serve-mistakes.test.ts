import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { slowly } from '../../src/cli/serve/slowly.js';
import { explainListening } from '../../src/cli/serve/listening.js';
import { corun, mistake } from './corun.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-mistakes-'));
const place = (name: string): string => join(folder, name);
mkdirSync(place('empty'));
writeFileSync(place('blank'), '\n');
const served = ['serve', '-m', 'mobilenet_v1_025', '--port', '0'];

describe('mistakes at the start of a server', () => {
  it.each([
    ['a token that is not there', ['--token-file', place('none')], `--token-file ${place('none')}: there is no such file`],
    ['an empty token', ['--token-file', place('blank')], 'it is empty; write a token into it'],
    ['a key that is a folder', ['--tls-cert', place('blank'), '--tls-key', place('empty')], `--tls-key ${place('empty')}: it is a folder; name a file`],
    ['a trace that is a folder', ['--record', place('empty')], `--record ${place('empty')}: it is a folder; name a file, for example ${place('empty/requests.csv')}`],
    ['two files that are one', ['--record', place('a'), '--event-log', place('../' + folder.split('/').at(-1)! + '/a')], 'they need a file each'],
    ['images that no machine holds', ['--input-size', '100000'], '--input-size 100000: a whole number of pixels from 1 to 4096'],
    ['one class', ['--classes', '1'], '--classes 1: a whole number from 2'],
    ['an address of another machine', ['--host', '192.0.2.1'], '--host 192.0.2.1: this machine has no such address'],
    ['a log to replay beside a server', ['--replay-log', place('none')], 'leave out --model'],
  ])('%s', (_, args, message) => expect(mistake(corun([...served, ...args]))).toContain(message));

  it('finds a port in use before it times a model', async () => {
    const other = createServer();
    const port = await new Promise<number>((ready) => other.listen(0, '127.0.0.1', () => ready((other.address() as { port: number }).port)));
    try {
      // A model that is not there would be told of if it were opened first.
      expect(mistake(corun(['serve', '-m', 'mine', '--source', `mine=${place('none/model.json')}`, '--port', String(port)]))).toContain(`port ${port} on 127.0.0.1 is in use`);
    } finally {
      other.close();
    }
  });

  it('takes a folder beside us for one, and not for a model of the zoo', () => {
    const said = mistake(corun(['serve', '-m', 'mine', '--source', 'mine=empty', '--port', '0'], { cwd: folder }));
    expect(said).toContain('empty');
    expect(said).not.toContain('no model is called');
  });

  it('says of an event log what is wrong with its place', () => {
    expect(mistake(corun(['serve', '--replay-log', place('none')]))).toContain('there is no such file');
    expect(mistake(corun(['serve', '--replay-log', place('empty')]))).toContain('it is a folder');
    expect(readdirSync(place('empty'))).toEqual([]);
  });

  it('names the host where a name is not known', () => {
    expect(explainListening(Object.assign(new Error('?'), { code: 'ENOTFOUND' }), 8000, 'nowhere').message).toContain('--host nowhere: there is no host of that name');
  });
});

describe('a folder of setups that is a file', () => {
  it.each([[['setup', 'list', '--dir', place('blank')]], [['setup', 'tensorflow', '--dir', place('blank/below')]]])('%j', (args) => expect(mistake(corun(args))).toContain('is a file, or lies below one; name a folder'));
  it('by CORUN_HOME', () => expect(mistake(corun(['setup', 'list'], { env: { CORUN_HOME: place('blank') } }))).toContain('CORUN_HOME:'));
});

describe('work that takes long', () => {
  it('is told of while it lasts, and what it comes to is passed on', async () => {
    let end!: (value: number) => void;
    const work = new Promise<number>((done) => (end = done));
    expect(await slowly(work, () => end(7))).toBe(7);
    await expect(slowly(Promise.reject(new Error('lost')), () => {})).rejects.toThrow('lost');
  });
});
