/** How much the load of a simulation must differ so that it predicts what was measured. */
export interface LoadEquivalent {
  /** In percent; positive: reality behaves like the simulation at a higher load. Absent where there is none. */
  error_percent?: number;
  /** Why there is none. */
  reason?: string;
}

const MOST = 0.5;
const FIRST_STEP = 0.01;
/** Half a tenth of a percent. */
const PRECISION = 0.0005;

/**
 * The smallest ε for which a real P95 lies within the predictions at λ(1 ± ε): the search goes outwards on the side where it must be, in
 * steps that double, and then halves the last one. Latency grows with the load, so there is one answer; the predictions share their
 * random numbers, so chance hardly bends that.
 *
 * An error in percent of the latency says little near saturation, where a load that is 1 % higher may double it; this one says how much
 * more or less traffic the prediction is right for.
 *
 * @param real P95 in ms
 * @param predict P95 in ms at a load times this factor; undefined where the alternative cannot be predicted there
 */
export async function loadEquivalent(real: number, predict: (factor: number) => Promise<number | undefined>): Promise<LoadEquivalent> {
  const atOne = await predict(1);
  if (atOne === undefined) return { reason: 'nothing is predicted' };
  if (real === atOne) return { error_percent: 0 };
  const side = real > atOne ? 1 : -1;
  const reaches = (predicted: number): boolean => (side > 0 ? predicted >= real : predicted <= real);
  let inner = 0;
  let outer: number;
  for (let step = FIRST_STEP; ; step *= 2) {
    if (inner === MOST) return { reason: `no load within ± ${100 * MOST} % has this P95` };
    outer = Math.min(MOST, step);
    const predicted = await predict(1 + side * outer);
    if (predicted === undefined) return { reason: `at ${round(100 * (1 + side * outer))} % of the load nothing is predicted` };
    if (reaches(predicted)) break;
    inner = outer;
  }
  while (outer - inner > PRECISION) {
    const middle = (inner + outer) / 2;
    const predicted = await predict(1 + side * middle);
    if (predicted === undefined || reaches(predicted)) outer = middle;
    else inner = middle;
  }
  return { error_percent: (side * 100 * (inner + outer)) / 2 };
}

const round = (percent: number): number => Math.round(10 * percent) / 10;
