import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/input/error.js';
import { readMahimahi } from '../../../src/trace/network/mahimahi.js';
import { Recording } from '../../../src/trace/network/recording.js';
import { describeWithSharedData, sharedData } from '../../shared-data.js';
import { fileOf, told } from './files.js';

describe('a mahimahi file', () => {
  it.each([
    ['plain', '0\n3\n3\n10\n'],
    ['without a last line end', '0\n3\n3\n10'],
    ['with Windows line ends', '0\r\n3\r\n3\r\n10\r\n'],
  ])('is read %s, and packed', async (_, text) => {
    for (const content of [text, gzipSync(text)]) {
      const recording = await readMahimahi(fileOf('cell.up', content));
      expect(recording.periodMs).toBe(10);
      expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => recording.at(k))).toEqual([0, 3, 3, 10, 10, 13, 13, 20, 20]);
    }
  });

  it.each([
    ['', 'cell.up:1:1: the file is empty; at least one time in ms is needed'],
    ['0\n0\n', 'cell.up:1:1: every time is 0; a recording must last for some time'],
    ['0\n\n5\n', 'cell.up:2:1: this line is empty; each line needs a whole number of milliseconds'],
    ['0\n7\n5\n', 'cell.up:3:1: 5 ms comes after 7 ms; the times must never fall'],
    ['0\n7\n12.5\n', 'cell.up:3:3: found ".", a whole number of milliseconds is needed, as in mahimahi\'s traces'],
    ['-3\n', 'cell.up:1:1: found "-", a whole number'],
    ['3\r4\n', 'cell.up:1:3: a carriage return inside a line'],
    ['99999999999999999999\n', 'cell.up:1:16: a number of milliseconds that is too large'],
  ])('%j is refused', async (text, message) => {
    const path = fileOf('cell.up', text);
    expect(await told(readMahimahi, path)).toContain(message);
    await expect(readMahimahi(path)).rejects.toBeInstanceOf(InputError);
  });

  it('packed and cut off is refused', async () => {
    const packed = gzipSync('1\n2\n3\n');
    expect(await told(readMahimahi, fileOf('cell.up', packed.subarray(0, packed.length - 4)))).toMatch(/^cell\.up:\d+:\d+: the gzip data are damaged or cut off/);
  });
});

describe('recording', () => {
  it('finds the first opportunity after a moment as a search through all of them does', () => {
    const times = fc.array(fc.nat(8), { minLength: 1, maxLength: 12 }).map((steps) => {
      let timeMs = 0;
      return Float64Array.from([...steps, 1], (step) => (timeMs += step));
    });
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 300, noNaN: true }), fc.boolean(), (timeMs, at, isWhole) => {
        const nowMs = isWhole ? Math.floor(at) : at;
        const recording = new Recording(timeMs);
        let k = 0;
        while (recording.at(k) <= nowMs) k++;
        expect(recording.firstAfter(nowMs)).toBe(k);
      }),
    );
  });
});

describeWithSharedData('published recordings', () => {
  it.each(['ATT-LTE-driving-2016', 'TMobile-LTE-short', 'Verizon-EVDO-driving', 'Verizon-LTE-short'])('%s is read in both directions', async (name) => {
    for (const direction of ['up', 'down']) {
      const path = sharedData(`network/${name}.${direction}`);
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      const recording = await readMahimahi(path);
      expect(recording.length).toBe(lines.length);
      expect(recording.periodMs).toBe(Number(lines.at(-1)));
      expect(recording.at(1000)).toBe(Number(lines[1000]));
    }
  });
});
