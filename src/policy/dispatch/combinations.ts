import { stream } from '../../random/stream.js';

/** What K processes can be running at once, and in how many ways it comes about. */
export interface Combination {
  models: string[];
  ways: number;
}

/** From so many different combinations on, this many are drawn instead. */
const MOST = 2_000;

/**
 * What K processes can be running at once: every subset of size k of the lanes while there are at least k, as in Corun's
 * experiment; beyond that every lane once more in turn, so that K can exceed their number. Subsets with the same models
 * are one combination. Where there are more than 2,000, that many subsets are drawn, the same ones every time.
 *
 * @param lanes the model of each lane
 */
export function combinations(lanes: readonly string[], k: number): Combination[] {
  if (k > lanes.length) return [{ models: Array.from({ length: k }, (_, i) => lanes[i % lanes.length]), ways: 1 }];
  const models = [...new Set(lanes)];
  const copies = models.map((model) => lanes.filter((lane) => lane === model).length);
  const found: Combination[] = [];
  const complete = choose(models, copies, 0, k, [], 1, found);
  return complete ? found : drawn(lanes, k);
}

/** Adds the combinations that take `left` more from the models after `at`. @returns false if there are too many */
function choose(models: readonly string[], copies: readonly number[], at: number, left: number, taken: readonly string[], ways: number, found: Combination[]): boolean {
  if (left === 0) {
    found.push({ models: [...taken], ways });
    return found.length <= MOST;
  }
  if (at === models.length) return true;
  let waysHere = 1;
  const most = Math.min(left, copies[at]);
  // From many of this model to none, so that the order is that of the lanes.
  const options = Array.from({ length: most + 1 }, (_, n) => {
    if (n > 0) waysHere = (waysHere * (copies[at] - n + 1)) / n;
    return { n, ways: waysHere };
  }).reverse();
  for (const { n, ways: here } of options) {
    const more = Array.from({ length: n }, () => models[at]);
    if (!choose(models, copies, at + 1, left - n, [...taken, ...more], ways * here, found)) return false;
  }
  return true;
}

function drawn(lanes: readonly string[], k: number): Combination[] {
  const draw = stream('combinations', lanes.length, k);
  return Array.from({ length: MOST }, () => {
    const rest = [...lanes];
    const models = Array.from({ length: k }, () => rest.splice(Math.floor(draw() * rest.length), 1)[0]);
    return { models, ways: 1 };
  });
}
