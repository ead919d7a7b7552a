import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisonTable } from '../../src/report/terminal.js';
import { textWidth, truncate, wrap } from '../../src/report/text-width.js';
import { anyComparison } from './arbitrary.js';
import { fixture } from './fixture.js';

// eslint-disable-next-line no-control-regex
const escapes = /\u001b\[\d+m/g;
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => textWidth(line)));

describe('the table', () => {
  const { comparison } = fixture();
  const plain = comparisonTable(comparison, { colour: false });

  it('is never wider than asked for, whatever the names and numbers', () => {
    fc.assert(
      fc.property(anyComparison, fc.constantFrom(40, 64, 80, 132), (any, width) => {
        expect(widest(comparisonTable(any, { width, colour: false }))).toBeLessThanOrEqual(width);
      }),
      { numRuns: 400 },
    );
  });

  it('lets no control character of a name through', () => {
    fc.assert(
      fc.property(anyComparison, (any) => {
        // eslint-disable-next-line no-control-regex
        expect(comparisonTable(any, { colour: false })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 200 },
    );
  });

  it('has colours only when asked for, and says the same with them', () => {
    const coloured = comparisonTable(comparison, { colour: true });
    expect(plain).not.toMatch(escapes);
    expect(coloured).toMatch(escapes);
    const lines = (text: string): string[] => text.split('\n').map((line) => line.trimEnd());
    expect(lines(coloured.replace(escapes, ''))).toEqual(lines(plain));
  });

  it('lists the alternatives from best to worst, the refused one last', () => {
    const names = ['separate GPUs', 'time-sharing', 'corun', 'fixed K = 2', 'one at a time', 'unlimited'];
    const at = names.map((name) => plain.split('\n').findIndex((line) => line.startsWith(name)));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
  });

  it('has a row with verdict, primary metric and key metrics for each', () => {
    expect(plain).toMatch(/^corun +stable +161\.2 ± 1\.9 +11\.5 +95\.9 % +31\.3 +1$/m);
    expect(plain).toMatch(/^one at a time +overloaded +24800 ± 1310 +0\.600 +5\.2 %/m);
    expect(plain).toMatch(/^unlimited +refused +–/m);
  });

  it('drops columns, never the primary metric, where there is little room', () => {
    const narrow = comparisonTable(comparison, { width: 44, colour: false });
    expect(narrow).toContain('161.2 ± 1.9');
    expect(narrow).not.toContain('epoch s');
  });
});

describe('text width', () => {
  it('counts wide characters as two columns', () => {
    expect(textWidth('停電')).toBe(4);
    expect(truncate('停電した', 5)).toBe('停電…');
  });

  it('wraps without losing a word, and breaks only words that are too long', () => {
    expect(wrap('one two three', 7, ' ')).toEqual(['one two', ' three']);
    expect(wrap('abcdefgh ij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });
});
