import { classKey, type ActivityClass, type Contention } from './contract.js';

const WHOLE = 100;

/**
 * A contention model that knows nothing of shares, for processes that have some. Two limits on the same processors: the share
 * that a process may use, and what neighbours leave of them. The tighter one holds:
 *
 *   time over time alone with the whole accelerator = max(stretch, 1 + (s − 1) w)
 *
 * where s is the slowdown if nobody had a share, and w the mean share of the neighbours, as a fraction: one that may use a
 * tenth of the processors disturbs a tenth as much. The slowdown is that time over the time alone at the share, stretch.
 *
 * Reconstructed: an assumption of ours, since no published model has both shares and training. With everybody at 100 % it is
 * the model itself. It leaves out the caches and the memory's bandwidth, which shares do not divide.
 *
 * @param bind the model, for classes without shares
 * @param stretchOf time alone at a share, in percent, over time with the whole accelerator
 */
export function byShare(bind: (classes: readonly ActivityClass[]) => Contention, classes: readonly ActivityClass[], stretchOf: (sharePercent: number) => number): Contention {
  const keys = [...new Set(classes.map(classKey))];
  const unshared = keys.map((key): ActivityClass => {
    const { kind, model } = classes.find((c) => classKey(c) === key)!;
    return { kind, model };
  });
  const at = classes.map((c) => keys.indexOf(classKey(c)));
  const share = classes.map(({ sharePercent = WHOLE }) => sharePercent / WHOLE);
  const stretch = classes.map(({ sharePercent }) => (sharePercent === undefined ? 1 : stretchOf(sharePercent)));
  const model = bind(unshared);
  const together = new Int32Array(keys.length);
  const slowed = new Float64Array(keys.length);
  return {
    slowdowns(counts, slowdown) {
      together.fill(0);
      slowed.fill(1);
      let total = 0;
      let sum = 0;
      for (let i = 0; i < classes.length; i++) {
        together[at[i]] += counts[i];
        total += counts[i];
        sum += counts[i] * share[i];
      }
      const outside = model.slowdowns(together, slowed);
      for (let i = 0; i < classes.length; i++) {
        if (counts[i] === 0) continue;
        const neighbours = total > 1 ? (sum - share[i]) / (total - 1) : 1;
        slowdown[i] = Math.max(stretch[i], 1 + (slowed[at[i]] - 1) * neighbours) / stretch[i];
      }
      return outside;
    },
  };
}
