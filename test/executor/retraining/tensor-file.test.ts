import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DamagedTensors, decodeTensors, encodeTensors } from '../../../src/executor/retraining/tensor-file.js';

const tensors = fc.array(
  fc.record({ name: fc.string(), shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }) }).chain(({ name, shape }) => {
    const length = shape.reduce((product, n) => product * n, 1);
    return fc.float32Array({ minLength: length, maxLength: length }).map((values) => ({ name, shape, values }));
  }),
  { maxLength: 5 },
);
const file = fc.record({ about: fc.record({ epoch: fc.nat(), loss: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)), note: fc.string() }), tensors });

it('gives back what was written, bit for bit, from bytes at any address', () => {
  fc.assert(
    fc.property(file, fc.integer({ min: 0, max: 7 }), (given, offset) => {
      const bytes = encodeTensors(given);
      const moved = new Uint8Array(bytes.length + offset);
      moved.set(bytes, offset);
      const read = decodeTensors(moved.subarray(offset));
      expect(read.about).toEqual(given.about);
      expect(read.tensors.map(({ name, shape }) => ({ name, shape }))).toEqual(given.tensors.map(({ name, shape }) => ({ name, shape })));
      for (const [i, { values }] of read.tensors.entries()) expect(Buffer.from(values.buffer).equals(Buffer.from(given.tensors[i].values.buffer))).toBe(true);
    }),
  );
});

it('notices any byte that changed, and any end that is missing', () => {
  fc.assert(
    fc.property(file, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, place, change) => {
      const bytes = Uint8Array.from(encodeTensors(given));
      expect(() => decodeTensors(bytes.subarray(0, place % bytes.length))).toThrow(DamagedTensors);
      bytes[place % bytes.length] ^= change;
      expect(() => decodeTensors(bytes)).toThrow(DamagedTensors);
    }),
  );
});
