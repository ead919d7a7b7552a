import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, header, type Message } from '../../../src/executor/channel/frame.js';

const message = fc.record({
  kind: fc.integer({ min: 0, max: 255 }),
  id: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  value: fc.double({ noNaN: true }),
  parts: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 300 }),
});

const bytesOf = (sent: Message): Buffer => Buffer.concat([header(sent), ...sent.parts]);
const plain = ({ kind, id, value, parts }: Message) => ({ kind, id, value, parts: parts.map((part) => [...part]) });

describe('frames', () => {
  it('come out as they went in, wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.map(bytesOf));
        const reader = new FrameReader();
        const received: Message[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const length = cuts[i % cuts.length];
          received.push(...reader.push(Buffer.from(stream.subarray(at, at + length))));
          at += length;
        }
        expect(received.map(plain)).toEqual(sent.map(plain));
      }),
    );
  });

  it('longer than a mebibyte come out too, with what is before and behind them', () => {
    const sent = [3, 1_500_000, 5, 2_000_000, 0].map((length, id): Message => ({ kind: 1, id, value: id / 3, parts: [Uint8Array.from({ length }, (_, i) => (i * 31 + id) % 251), Uint8Array.of(id)] }));
    const stream = Buffer.concat(sent.map(bytesOf));
    for (const cut of [65_536, 1_000_003, stream.length]) {
      const reader = new FrameReader();
      const received: Message[] = [];
      for (let at = 0; at < stream.length; at += cut) received.push(...reader.push(Buffer.from(stream.subarray(at, at + cut))));
      expect(received.map(({ kind, id, value }) => [kind, id, value])).toEqual(sent.map(({ kind, id, value }) => [kind, id, value]));
      received.forEach(({ parts }, i) => parts.forEach((part, k) => expect(Buffer.compare(part, sent[i].parts[k])).toBe(0)));
    }
  });

  it('that cannot be are refused, instead of being waited for', () => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(3);
    expect(() => new FrameReader().push(length)).toThrow('a message cannot be 3 bytes long');
    expect(() => new FrameReader().push(Buffer.from('HTTP/1.1 200'))).toThrow(/a message cannot be \d+ bytes long/);
    const wrong = bytesOf({ kind: 1, id: 1, value: 0, parts: [new Uint8Array(9)] });
    wrong.writeUInt32LE(8, 20);
    expect(() => new FrameReader().push(wrong)).toThrow('the parts of a message end at byte 28 of 29');
    expect(() => header({ kind: 1, id: 1, value: 0, parts: new Array(65_536).fill(new Uint8Array(0)) })).toThrow('a message has at most 65535 parts, not 65536');
  });
});
