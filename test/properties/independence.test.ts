import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compare } from '../../src/experiment/compare.js';
import { openPool } from '../../src/experiment/pool.js';
import type { AlternativeResult, Comparison } from '../../src/experiment/result.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import { alternative } from '../simulator/alternative.js';
import { decisions, surroundings } from './arbitrary.js';

const run = async (alternatives: ResolvedAlternative[]): Promise<Comparison> =>
  (await compare(alternatives, { scenario: 'random', pool: openPool(1) })).comparison;

const byName = ({ alternatives }: Comparison): Map<string, AlternativeResult> => new Map(alternatives.map((a) => [a.name, a]));

it('what an alternative gets does not depend on the others, nor on their order', async () => {
  await fc.assert(
    fc.asyncProperty(surroundings(), fc.array(decisions, { minLength: 3, maxLength: 3 }), async (around, bundles) => {
      const all = bundles.map((decided, i) => ({
        ...alternative({ ...around, ...decided, extrapolation: 'label', measure: { ...around.measure, replications: { min: 2, max: 2, relative_half_width: 0.02 } } }),
        name: `alternative ${i}`,
      }));
      const together = await run(all);
      const reversed = await run([...all].reverse());
      expect(byName(reversed)).toEqual(byName(together));
      const two = await run(all.slice(0, 2));
      expect(two.alternatives).toEqual(together.alternatives.slice(0, 2));
      // Of a difference only the p-value depends on what else is compared, by Holm's correction.
      const without = ({ differences }: Comparison) => differences.filter((d) => d.a !== 'alternative 2' && d.b !== 'alternative 2').map(({ p_value: _, ...rest }) => rest);
      expect(without(two)).toEqual(without(together));
      for (const d of together.differences) {
        const opposite = reversed.differences.find((o) => o.a === d.b && o.b === d.a)!;
        expect(opposite.mean).toBeCloseTo(-d.mean, 9);
        expect(opposite.p_value).toBeCloseTo(d.p_value, 9);
        expect(opposite.p_a_better).toBeCloseTo(1 - d.p_a_better, 9);
      }
    }),
    { numRuns: 30 },
  );
});
