import { expect, it } from 'vitest';
import { InputError } from '../../../src/input/error.js';
import { readSurvivalTable } from '../../../src/trace/network/survival-file.js';
import { fileOf, told } from './files.js';

const TABLE = [[20, 1], [30, 0.4], [400, 0]];

it.each([
  ['t.csv', 'ms,share\n20,1\n30,0.4\n400,0\n'],
  ['t.csv', '\uFEFF# measured at home\r\nms, share\r\n20, 1\r\n\r\n30, 0.4\r\n400, 0'],
  ['t.json', '[[20, 1], [30, 0.4], [400, 0]]'],
  ['t.yaml', '- [20, 1]\n- [30, 0.4]\n- [400, 0]\n'],
])('%s %j is read', async (name, text) => {
  expect(await readSurvivalTable(fileOf(name, text))).toEqual(TABLE);
});

it.each([
  ['t.csv', '', 't.csv:1:1: the file is empty'],
  ['t.csv', 'ms;share\n', 't.csv:1:1: found the header "ms;share", ms,share is needed'],
  ['t.csv', 'ms,share\n20,1\n', 't.csv:1:1: one point follows; at least two are needed'],
  ['t.csv', 'ms,share\n20,1\n30,4x\n40,0\n', 't.csv:3:4: found "4x", a number is needed'],
  ['t.csv', 'ms,share\n20,1\n\n30,0.4\n25,0\n', 't.csv:5:1: the time 25 ms comes after 30 ms'],
  ['t.csv', 'ms,share\n20,1\n30\n40,0\n', 't.csv:3:1: a point has two numbers'],
  ['t.json', '[[20, 1], [30, 0.4]]', 't.json:1:11: the last share is 0.4, and must be 0'],
  ['t.json', '[[20, 1], ["x", 0]]', 't.json:1:11: a point [ms, share of the delays that are longer] is needed'],
  ['t.json', '{}', 't.json:1:1: a list of at least two points'],
  ['t.json', '[', 't.json:1:2: not valid JSON'],
])('%s %j is refused', async (name, text, message) => {
  const path = fileOf(name, text);
  expect(await told(readSurvivalTable, path)).toContain(message);
  await expect(readSurvivalTable(path)).rejects.toBeInstanceOf(InputError);
});

it('a file that is not there is told', async () => {
  expect(await told(readSurvivalTable, '/nowhere/t.csv')).toBe('/nowhere/t.csv: the survival table cannot be read: there is no file /nowhere/t.csv');
});
