import { Type } from '@sinclair/typebox';
import { defineDelay } from '../delay.js';

/** Points (t in ms, P(T > t)) of a survival function: t never falls, the share falls from 1 to 0. */
export type SurvivalTable = readonly (readonly [timeMs: number, share: number])[];

const tableSchema = Type.Array(Type.Array(Type.Number({ minimum: 0, description: 'a time in ms, then the share of delays that are longer' }), { description: 'a point: [ms, share of the delays that are longer]' }), {
  minItems: 2,
  description: 'a list of points [ms, share], in place',
});

export default defineDelay({
  name: 'survival',
  about: 'An empirical distribution, as a table of the share of delays that are longer than each time; linear in between.',
  source: 'Inversion of the survival function. Published as such for the residential network of MDInference.',
  options: Type.Union([Type.String({ minLength: 1, description: 'path of a file with the points: CSV with the header ms,share, or a JSON or YAML list' }), tableSchema], {
    description: 'an empirical distribution: a table of points [ms, share of the delays that are longer], or the path of one',
  }),
  drawn: true,
  quantile(table) {
    if (typeof table === 'string') throw new TypeError(`the table ${table} has not been read`);
    return survivalQuantile(table as unknown as SurvivalTable);
  },
});

/** Inverse of a survival function that is linear between its points. Two points at one time are a jump: that share has exactly this delay. */
export function survivalQuantile(table: SurvivalTable): (u: number) => number {
  const timeMs = Float64Array.from(table, ([time]) => time);
  const share = Float64Array.from(table, ([, longer]) => longer);
  return (u) => {
    const longer = 1 - u;
    // The first point with a smaller share; there is one, since the last share is 0.
    let low = 1;
    let high = share.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (share[middle] < longer) high = middle;
      else low = middle + 1;
    }
    const before = share[low - 1];
    return timeMs[low - 1] + ((before - longer) / (before - share[low])) * (timeMs[low] - timeMs[low - 1]);
  };
}

/** What is wrong with the points of a table, as the position of the point and a sentence; undefined if nothing is. */
export function survivalFault(table: SurvivalTable): { point: number; sentence: string } | undefined {
  for (const [point, entry] of table.entries()) {
    const fault = (sentence: string) => ({ point, sentence });
    const numbers: number = entry.length;
    if (numbers !== 2) return fault(`a point has two numbers, [ms, share of the delays that are longer]; found ${numbers}`);
    const [timeMs, share] = entry;
    if (!(timeMs >= 0 && timeMs < Infinity)) return fault(`found the time ${timeMs}, a number of milliseconds of at least 0 is needed`);
    if (!(share >= 0 && share <= 1)) return fault(`found the share ${share}, a fraction from 0 to 1 is needed`);
    if (point === 0) {
      if (share !== 1) return fault(`the first share is ${share}, and must be 1: begin with the time that every delay exceeds, for example [0, 1]`);
      continue;
    }
    const [beforeMs, before] = table[point - 1];
    if (timeMs < beforeMs) return fault(`the time ${timeMs} ms comes after ${beforeMs} ms; times must not fall`);
    if (share > before) return fault(`the share ${share} comes after ${before}; what is longer than a later time cannot be more`);
  }
  const [lastMs, last] = table[table.length - 1] ?? [0, 1];
  if (last !== 0) return { point: table.length - 1, sentence: `the last share is ${last}, and must be 0: end with the longest delay, for example [${2 * lastMs}, 0]` };
  return undefined;
}
