/** A class of a closed queueing network: `count` customers that never leave, with their times per cycle. */
export interface ClosedClass {
  count: number;
  /** Service time at each queueing station. All classes have as many stations. */
  demands: readonly number[];
  /** Time away from all of them. */
  think: number;
}

/** Beyond so many populations the recursion is replaced by an approximation. */
const MOST_POPULATIONS = 20_000;

/**
 * Cycle times of a closed network of single-server stations (processor sharing, or first come first served with exponential
 * times) and a delay, by exact mean value analysis:
 *
 *   R_ck(N) = D_ck (1 + Q_k(N − e_c)),  X_c = N_c / (Z_c + Σ_k R_ck),  Q_k = Σ_c X_c R_ck
 *
 * Sources: Reiser and Lavenberg, J. ACM 27(2), 1980; with more than 20,000 populations the fixed point of Schweitzer (1979).
 *
 * @returns by class: think time plus residence times, in the unit of the demands; 0 for a class without customers
 */
export function cycleTimes(classes: readonly ClosedClass[]): number[] {
  let populations = 1;
  for (const { count } of classes) populations *= count + 1;
  return populations <= MOST_POPULATIONS ? exact(classes, populations) : schweitzer(classes);
}

function exact(classes: readonly ClosedClass[], populations: number): number[] {
  const stations = classes[0]?.demands.length ?? 0;
  const queue = new Float64Array(populations * stations);
  const stride: number[] = [];
  let size = 1;
  for (const { count } of classes) {
    stride.push(size);
    size *= count + 1;
  }
  const cycle = new Array<number>(classes.length).fill(0);
  for (let p = 0; p < populations; p++) {
    for (let c = 0; c < classes.length; c++) {
      const { count, demands, think } = classes[c];
      const here = Math.floor(p / stride[c]) % (count + 1);
      if (here === 0) continue;
      const before = p - stride[c];
      let time = think;
      for (let k = 0; k < stations; k++) time += demands[k] * (1 + queue[before * stations + k]);
      for (let k = 0; k < stations; k++) queue[p * stations + k] += (here / time) * demands[k] * (1 + queue[before * stations + k]);
      if (p === populations - 1) cycle[c] = time;
    }
  }
  return cycle;
}

function schweitzer(classes: readonly ClosedClass[]): number[] {
  const stations = classes[0].demands.length;
  const queue = classes.map(({ count }) => new Array<number>(stations).fill(count / stations));
  let cycle = classes.map(({ demands, think }) => think + demands.reduce((sum, d) => sum + d, 0));
  for (let round = 0; round < 1000; round++) {
    const residence = classes.map(({ count, demands }, c) =>
      demands.map((d, k) => d * (1 + queue.reduce((sum, q) => sum + q[k], 0) - (count > 0 ? queue[c][k] / count : 0))),
    );
    const next = classes.map(({ think }, c) => think + residence[c].reduce((sum, r) => sum + r, 0));
    let moved = 0;
    classes.forEach(({ count }, c) => {
      moved = Math.max(moved, Math.abs(next[c] / cycle[c] - 1));
      residence[c].forEach((r, k) => (queue[c][k] = (count * r) / next[c]));
    });
    cycle = next;
    if (moved < 1e-12) break;
  }
  return cycle;
}
