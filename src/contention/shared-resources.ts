import { maxMinRates } from './max-min.js';
import { monotoneInterpolation } from './monotone.js';

/** What one process takes of the resources. */
export interface ResourceUse {
  /** By resource: at its solo speed. */
  demand: Record<string, number>;
  /** By resource: as long as it is there. */
  held?: Record<string, number>;
  /** Stage times over the time of a step alone; the longer one is 1. */
  pipeline?: { loader: number; accelerator: number };
}

export interface Resources {
  /** Capacity by name. */
  resources: Record<string, number>;
  /** The resource whose capacity rises with the clock, and the clock over the share of it that is in use. */
  clock?: { resource: string; load: number[]; factor: number[] };
}

export interface ResourceRates {
  /** Speed of each kind of process that is there, relative to its solo speed at its solo clock. */
  rate: Float64Array;
  /** Share of each resource in use, in the order of their names in the parameters. */
  load: number[];
  /** The clock, in the unit of its curve; 1 without one. */
  clock: number;
  /** A resource of which more is held than there is; the share that is left is then set to one percent. */
  exhausted: string | undefined;
}

const BISECTIONS = 50;
const LEAST_LEFT = 0.01;

/**
 * Rates of processes that share named resources, for any numbers of them.
 *
 *   Σᵢ nᵢ (hᵢᵣ + dᵢᵣ xᵢ c₀ᵢ / c) ≤ Cᵣ      c₀ᵢ / c only for the resource with the clock
 *   xᵢ ≤ min(1 / loader, (c / c₀ᵢ) / accelerator)             pipelined
 *   xᵢ ≤ 1 / (1 − a + a c₀ᵢ / c), a the accelerator's part     one part after the other
 *   c = curve(share in use)
 *
 * with x max-min fair, c the clock now and c₀ᵢ the clock while one process of kind i is alone, which follows from its demand. The
 * clock depends on the use and the use on the clock; the fixed point is found by bisection.
 *
 * @throws RangeError if a name is unknown, one process alone needs more than there is, or no stage of a pipeline is 1
 */
export function sharedResources({ resources, clock }: Resources, uses: readonly ResourceUse[]): { rates(counts: ArrayLike<number>): ResourceRates } {
  const names = Object.keys(resources);
  const capacity = names.map((name) => resources[name]);
  const clocked = clock === undefined ? -1 : names.indexOf(clock.resource);
  if (clock !== undefined && clocked < 0) throw new RangeError(`clock.resource is "${clock.resource}", must be one of: ${names.join(', ')}`);
  const curve = clock && monotoneInterpolation(clock.load, clock.factor);
  const clockAt = (load: number): number => curve?.(Math.min(load, clock!.load[clock!.load.length - 1])) ?? 1;

  const amounts = (of: Record<string, number>): number[] => {
    const unknown = Object.keys(of).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new RangeError(`there is no resource "${unknown}" (known: ${names.join(', ')})`);
    return names.map((name) => of[name] ?? 0);
  };
  const demand = uses.map((use) => amounts(use.demand));
  const held = uses.map((use) => amounts(use.held ?? {}));
  for (let i = 0; i < uses.length; i++) {
    const r = names.findIndex((_, r) => demand[i][r] + held[i][r] > capacity[r]);
    if (r >= 0) throw new RangeError(`one process alone takes ${demand[i][r] + held[i][r]} of ${names[r]}, of which there is ${capacity[r]}`);
    const { pipeline } = uses[i];
    if (pipeline && Math.max(pipeline.loader, pipeline.accelerator) !== 1)
      throw new RangeError(`a pipeline has loader ${pipeline.loader} and accelerator ${pipeline.accelerator}, the longer one must be 1`);
  }
  const soloClock = uses.map((_, i) => (clocked < 0 ? 1 : clockAt((held[i][clocked] + demand[i][clocked]) / capacity[clocked])));

  function at(counts: ArrayLike<number>, c: number): ResourceRates {
    let exhausted: string | undefined;
    const left = capacity.map((most, r) => {
      let rest = most;
      for (let i = 0; i < uses.length; i++) rest -= counts[i] * held[i][r];
      if (rest < LEAST_LEFT * most && held.some((h, i) => counts[i] > 0 && h[r] > 0)) {
        exhausted = names[r];
        return LEAST_LEFT * most;
      }
      return rest;
    });
    const slower = soloClock.map((solo) => solo / c);
    const need = demand.map((d, i) => d.map((amount, r) => (r === clocked ? amount * slower[i] : amount)));
    const cap = uses.map(({ pipeline }, i) => {
      if (pipeline) return 1 / Math.max(pipeline.loader, pipeline.accelerator * slower[i]);
      const part = clocked < 0 ? 0 : Math.min(1, demand[i][clocked]);
      return 1 / (1 - part + part * slower[i]);
    });
    const rate = maxMinRates(counts, need, left, cap);
    const load = capacity.map((most, r) => {
      let used = most - left[r];
      for (let i = 0; i < uses.length; i++) used += counts[i] * need[i][r] * rate[i];
      return Math.min(1, used / most);
    });
    return { rate, load, clock: c, exhausted };
  }

  return {
    rates(counts) {
      if (clock === undefined) return at(counts, 1);
      let low = Math.min(...clock.factor);
      let high = Math.max(...clock.factor);
      for (let k = 0; k < BISECTIONS; k++) {
        const middle = (low + high) / 2;
        if (clockAt(at(counts, middle).load[clocked]) > middle) low = middle;
        else high = middle;
      }
      return at(counts, high);
    },
  };
}
