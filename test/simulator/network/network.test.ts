import { describe, expect, it } from 'vitest';
import { app, fixed, rate, recorded, rig } from './rig.js';

describe('the way', () => {
  it('without links takes no time', () => {
    const { network, send, ends } = rig({});
    expect(network.isFree).toBe(true);
    send('up', 3);
    send('down', 4);
    expect(ends).toEqual([[0, 3], [1, 4]]);
    expect(network.length).toBe(0);
  });

  it('leads over the link of the phone and that of the site, and back in reverse', () => {
    const links = { up: rate(12), down: rate(6) };
    const { send, until, ends } = rig({ apps: [app(links)], sites: [{ up: fixed(10), down: fixed(20) }, {}] });
    send('up', 0, 0, 0);
    send('up', 0, 0, 1);
    send('down', 0, 0, 0);
    until(100);
    // 1 ms at 12 Mbit/s, then 10 ms; nothing but the 1 ms to the near site; 20 ms, then 2 ms at 6 Mbit/s.
    expect(ends).toEqual([[1, 1], [0, 11], [2, 22]]);
  });

  it('first the bottleneck, then the delay; who comes later may overtake in the delay only', () => {
    const delays = [30, 0, 0];
    const up = rate(12, { delayMs: (u) => delays[u], isDelayDrawn: true });
    const { send, until, ends } = rig({ apps: [app({ up, cell: 'a' })] }, 1, (request) => request);
    for (let i = 0; i < 3; i++) send('up', 0);
    until(100);
    expect(ends).toEqual([[1, 2], [2, 3], [0, 31]]);
  });
});

describe('sharing', () => {
  const twoPhones = (cells: [string?, string?]) => rig({ apps: cells.map((cell) => app({ up: recorded([2, 4, 6, 8, 10]), cell })) });

  it('two phones of a cell queue behind each other', () => {
    const { send, until, ends } = twoPhones(['north', 'north']);
    send('up', 0, 0);
    send('up', 0, 1);
    send('up', 1, 0);
    until(100);
    expect(ends).toEqual([[0, 2], [1, 4], [2, 6]]);
  });

  it.each<[string, [string?, string?]]>([['phones of two cells', ['north', 'south']], ['phones without a cell', [undefined, undefined]]])('%s do not', (_, cells) => {
    const { send, until, ends } = twoPhones(cells);
    send('up', 0, 0);
    send('up', 0, 1);
    until(100);
    expect(ends).toEqual([[0, 2], [1, 2]]);
  });

  it('without a cell every request finds an empty link, of the same app as well', () => {
    const { send, until, ends } = rig({ apps: [app({ up: rate(12) })] });
    send('up', 0);
    send('up', 0);
    until(10);
    expect(ends).toEqual([[0, 1], [1, 1]]);
  });

  it('all who use a site share its link', () => {
    const { send, until, ends } = rig({ apps: [app(), app()], sites: [{ up: rate(12) }] });
    send('up', 0, 0);
    send('up', 0, 1);
    until(10);
    expect(ends).toEqual([[0, 1], [1, 2]]);
  });

  it('a radio is the same whichever site is asked', () => {
    const { send, until, ends } = rig({ apps: [app({ up: rate(12), cell: 'a' })], sites: [{}, {}] });
    send('up', 0, 0, 0);
    send('up', 0, 0, 1);
    until(10);
    expect(ends).toEqual([[0, 1], [1, 2]]);
  });
});

describe('a queue with a limit', () => {
  it.each([['a rate', rate(12, { queuePackets: 2 })], ['a recording', recorded([1], { queuePackets: 2 })]])('of packets before %s loses who finds it full, at once, and takes no capacity for it', (_, up) => {
    const { network, send, until, ends } = rig({ apps: [app({ up, cell: 'a' })] });
    for (let i = 0; i < 4; i++) send('up', 0);
    send('up', 1);
    until(10);
    expect(ends).toEqual([[2, 'lost'], [3, 'lost'], [0, 1], [1, 2], [4, 3]]);
    expect(network.lost).toBe(2);
    expect(network.length).toBe(0);
  });

  it('does not refuse a message for its own length', () => {
    const { send, until, ends } = rig({ apps: [app({ up: rate(12, { queuePackets: 1 }), cell: 'a', uploadBytes: 15_000 })] });
    send('up', 0);
    send('up', 9.5);
    send('up', 10);
    until(100);
    expect(ends).toEqual([[1, 'lost'], [0, 10], [2, 20]]);
  });
});
