import { normal } from '../../random/normal.js';
import { stream, type Seed } from '../../random/stream.js';
import type { GroupPoint } from './cross-validation.js';
import { halfWidth, type Discrepancy } from './discrepancy.js';
import type { FittedModel } from './fittable.js';
import type { Situation } from './situation.js';

export interface Component {
  name: string;
  weight: number;
  fitted: FittedModel;
}

type Weighted = Pick<Component, 'weight' | 'fitted'>;

/** Weighted mean of the logarithms of those that can say. */
function combined(components: readonly Weighted[], of: (fitted: FittedModel) => number | undefined): number | undefined {
  let [sum, weight] = [0, 0];
  for (const c of components) {
    const log = of(c.fitted);
    if (log === undefined || c.weight === 0) continue;
    sum += c.weight * log;
    weight += c.weight;
  }
  return weight > 0 ? sum / weight : undefined;
}

/** What a model says of a situation; undefined where it cannot. */
export interface Sayings {
  /** Natural logarithm of the median in ms. */
  logMs(situation: Situation): number | undefined;
  /** Natural logarithm of the slowdown. */
  logSlowdown(situation: Situation): number | undefined;
}

export interface Prediction {
  ms: number;
  interval95Ms: [number, number];
}

/** One model, or a combination: predicts medians of groups with their uncertainty. */
export class Predictor implements Sayings {
  readonly components: readonly Component[];
  readonly discrepancy: Discrepancy;
  /** By draw: the components fitted to what the medians might have been. */
  draws: readonly (readonly Weighted[])[] = [];
  private readonly points: readonly GroupPoint[];
  private readonly plausible: readonly FittedModel[];
  private readonly most: ReadonlyMap<string, { inference: number; training: number }>;

  /** @param plausible all models whose errors cannot be told from the best one's */
  constructor(components: readonly Component[], discrepancy: Discrepancy, points: readonly GroupPoint[], plausible: readonly FittedModel[] = []) {
    this.plausible = plausible;
    this.components = components;
    this.discrepancy = discrepancy;
    this.points = points;
    const most = new Map<string, { inference: number; training: number }>();
    for (const { situation, key } of points) {
      const at = most.get(situation.observed) ?? { inference: 0, training: 0 };
      most.set(situation.observed, { inference: Math.max(at.inference, key.inferenceJobs), training: Math.max(at.training, key.trainingJobs) });
    }
    this.most = most;
  }

  /** Natural logarithm of the median in ms; undefined where no component can say. */
  logMs(situation: Situation): number | undefined {
    return combined(this.components, (f) => f.logMs(situation));
  }

  logSlowdown(situation: Situation): number | undefined {
    return combined(this.components, (f) => f.logSlowdown(situation));
  }

  /**
   * Fits again to what the medians might have been: their bootstrap draws, with what the model does not follow added as noise of the
   * same size, so that a model which misses does not claim to know its parameters.
   *
   * @param draws by point: log deviations of its median
   */
  draw(draws: readonly Float64Array[], seed: Seed): void {
    const { points, components } = this;
    const misfit = this.misfit();
    const noise = points.map((_, i) => stream(seed, 'misfit', i));
    this.draws = Array.from({ length: draws[0]?.length ?? 0 }, (_, b) => {
      const logMs = points.map((p, i) => p.logMs + draws[i][b] + misfit * normal(noise[i]));
      return components.filter((c) => c.weight > 0).map((c) => ({ weight: c.weight, fitted: c.fitted.redrawn(logMs) }));
    });
  }

  /** What one draw says. @param index from 0, below the number of draws */
  drawn(index: number): Sayings {
    const components = this.draws[index];
    return { logMs: (s) => combined(components, (f) => f.logMs(s)), logSlowdown: (s) => combined(components, (f) => f.logSlowdown(s)) };
  }

  /** Standard deviation of what the fit leaves, beyond the groups' own errors; parameters follow what they are fitted to, so they are counted off. */
  private misfit(): number {
    let [squares, own, n] = [0, 0, 0];
    for (const p of this.points) {
      const log = this.logMs(p.situation);
      if (log === undefined) continue;
      squares += (log - p.logMs) * (log - p.logMs);
      own += p.sampling * p.sampling;
      n++;
    }
    if (n === 0) return 0;
    const parameters = this.components.reduce((sum, c) => sum + c.weight * Object.keys(c.fitted.parameters).length, 0);
    const bases = new Set(this.points.map((p) => p.situation.base)).size;
    return Math.sqrt(Math.max(0, squares / Math.max(1, n - parameters - bases) - own / n));
  }

  /** 0 inside of what was measured; beyond it log(jobs / most measured jobs). */
  distance(situation: Situation): number {
    const most = this.most.get(situation.observed);
    if (most === undefined) return Math.LN2;
    const training = situation.neighbours.reduce((sum, n) => sum + (n.class.startsWith('training:') ? n.count : 0), situation.workload === 'training' ? 1 : 0);
    const inference = situation.inferenceNeighbours + (situation.workload === 'inference' ? 1 : 0);
    return Math.log(Math.max(1, inference / Math.max(1, most.inference))) + Math.log(Math.max(1, training / Math.max(1, most.training)));
  }

  /** Log-scale variance of what the draws say in a situation. */
  parameterVariance(situation: Situation): number {
    const logs = this.draws.flatMap((d) => combined(d, (f) => f.logMs(situation)) ?? []).filter(Number.isFinite);
    if (logs.length < 2) return 0;
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    return logs.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / (logs.length - 1);
  }

  /** Mean squared difference of what else might be true from what was selected. */
  private disagreement(situation: Situation, log: number): number {
    const logs = this.plausible.flatMap((f) => f.logMs(situation) ?? []);
    return logs.length === 0 ? 0 : logs.reduce((sum, v) => sum + (v - log) * (v - log), 0) / logs.length;
  }

  /** @param groupVariance log-scale variance of the median of the group that is asked for, from its numbers of rows and processes */
  predict(situation: Situation, groupVariance: number): Prediction | undefined {
    const log = this.logMs(situation);
    if (log === undefined) return undefined;
    const half = halfWidth(this.discrepancy, this.parameterVariance(situation), groupVariance + this.disagreement(situation, log), this.distance(situation));
    return { ms: Math.exp(log), interval95Ms: [Math.exp(log - half), Math.exp(log + half)] };
  }
}
