import { describe, expect, it } from 'vitest';
import { corun, mistake } from './corun.js';

const served = ['serve', '-m', 'mobilenet_v1_025'];

describe('options that no command can mean', () => {
  it.each([
    ['one of one value twice', [...served, '-b', 'wasm', '--backend', 'cpu'], '--backend was given more than once (wasm, cpu); give it once'],
    ['a number twice', [...served, '--port', '1', '-p', '2'], '--port was given more than once (1, 2); give it once'],
    ['a number that is none', [...served, '--port', 'abc'], '--port abc: a number is needed'],
    ['a number that is none, after =', [...served, '--port=abc'], '--port abc: a number is needed'],
    ['a number that is none, as programs name it', [...served, '--inputSize', 'big'], '--input-size big: a number is needed'],
    ['one of several numbers', ['calibrate', '--plan', '-m', 'vgg16', '--batches', '1', 'x', '4'], '--batches x: a number is needed'],
    ['an empty number, which would be 0', [...served, '--port', ''], '--port needs a number, and has none'],
    ['no address, which would be every address', [...served, '--host', ''], '--host needs a value, and has none'],
    ['an option at the end', ['serve', '--model'], '--model needs a value, and has none'],
    ['an option before another', [...served, '--record', '--port', '3'], '--record needs a value, and has none'],
    ['an empty value, after =', ['fit', 'x.csv', '--profile='], '--profile needs a value, and has none'],
    ['letters run together', ['serve', '-bwsam'], '-m needs a value, and has none'],
    ['a duration', ['trace', 'describe', '--process', 'poisson', '--duration', 'long'], '--duration long: a number is needed'],
    ['a command', ['sevr'], 'Did you mean serve?'],
    ['a command that is like no other', ['nonsense'], 'there is no command "nonsense"; there are compare, simulate,'],
  ])('%s', (_, args, message) => expect(mistake(corun(args))).toContain(message));

  it('leaves alone what may be given several times, and values that look like numbers below 0', () => {
    expect(mistake(corun(['calibrate', '--plan', '-m', 'vgg16', '--batches', '4', '-3']))).toContain('--batches -3: a whole number');
    expect(mistake(corun(['compare', 'none.yaml', '--set', 'a=-1', '--set', 'b=2', '--no-requests', '--threads=2']))).toContain('none.yaml');
  });
});
