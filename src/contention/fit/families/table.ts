import { monotoneInterpolation } from '../../monotone.js';
import type { FitPoint, FittableModel, FittedModel } from '../fittable.js';
import type { Situation } from '../situation.js';

const foreignOf = (s: Situation): { class: string; count: number }[] => s.neighbours.filter((n) => !n.class.startsWith('inference:'));

class Mean {
  private weight = 0;
  private sum = 0;
  add(value: number, se: number): void {
    this.weight += 1 / (se * se);
    this.sum += value / (se * se);
  }
  get value(): number {
    return this.sum / this.weight;
  }
}

/** Means by key; what is not finite is left out. */
function means<Key>(entries: Iterable<readonly [Key, number, number]>): Map<Key, number> {
  const by = new Map<Key, Mean>();
  for (const [key, value, se] of entries) {
    if (!Number.isFinite(value)) continue;
    const mean = by.get(key) ?? new Mean();
    mean.add(value, se);
    by.set(key, mean);
  }
  return new Map([...by].map(([key, mean]) => [key, mean.value]));
}

class Table {
  private readonly base = new Map<string, number>();
  /** By observed class: log slowdown by number of inference neighbours. */
  private readonly knots = new Map<string, Map<number, number>>();
  private readonly curves = new Map<string, { at: (k: number) => number; least: number; most: number }>();
  /** By observed class and class of neighbour: log factor of one of them. */
  private readonly factors = new Map<string, number>();
  private readonly points: readonly FitPoint[];

  constructor(points: readonly FitPoint[], logMs: ArrayLike<number>) {
    this.points = points;
    const classes = [...new Set(points.map((p) => p.situation.observed))];
    for (const observed of classes) {
      const own = points.flatMap((p, i) => (p.situation.observed === observed ? [{ ...p, logMs: logMs[i] }] : []));
      const plain = own.filter((p) => foreignOf(p.situation).length === 0);
      this.fitClass(observed, own, plain.length > 0 ? plain : own, plain.length > 0);
    }
  }

  private fitClass(observed: string, own: FitPoint[], curvePoints: FitPoint[], plain: boolean): void {
    const reference = Math.min(...curvePoints.map((p) => p.situation.inferenceNeighbours));
    const setAll = <K>(to: Map<K, number>, from: Map<K, number>): void => from.forEach((value, key) => to.set(key, value));
    setAll(this.base, means(curvePoints.filter((p) => p.situation.inferenceNeighbours === reference).map((p) => [p.situation.base, p.logMs, p.se] as const)));
    this.knots.set(observed, new Map([[reference, 0]]));
    // Times alone that were measured only beside others follow from the curve, and the curve from them: twice is enough, since the second round only adds.
    for (let round = 0; round < 2; round++) {
      const rest = curvePoints.filter((p) => p.situation.inferenceNeighbours !== reference);
      setAll(this.knots.get(observed)!, means(rest.map((p) => [p.situation.inferenceNeighbours, p.logMs - (this.base.get(p.situation.base) ?? NaN), p.se] as const)));
      this.rebuild(observed);
      if (plain) {
        const single = own.filter((p) => foreignOf(p.situation).length === 1);
        setAll(
          this.factors,
          means(single.map((p) => {
            const [other] = foreignOf(p.situation);
            const alone = this.base.get(p.situation.base) ?? NaN;
            return [`${observed} ${other.class}`, (p.logMs - alone - (this.curve(p.situation) ?? NaN)) / other.count, p.se / other.count] as const;
          })),
        );
      } else for (const p of own) for (const other of foreignOf(p.situation)) this.factors.set(`${observed} ${other.class}`, 0);
      const missing = own.filter((p) => !this.base.has(p.situation.base));
      setAll(this.base, means(missing.map((p) => [p.situation.base, p.logMs - (this.logSlowdown(p.situation) ?? NaN), p.se] as const)));
    }
  }

  private rebuild(observed: string): void {
    const knots = [...this.knots.get(observed)!].sort(([a], [b]) => a - b);
    const value = knots.map(([, log]) => Math.exp(log));
    const curve = monotoneInterpolation(knots.map(([k]) => k), value);
    const [least, most] = [knots[0][0], knots[knots.length - 1][0]];
    // As the profile's table: a curve that falls at its end stays at its last value.
    this.curves.set(observed, { at: (k) => (k > most ? Math.max(curve(k), value[value.length - 1]) : curve(k)), least, most });
  }

  private curve(s: Situation): number | undefined {
    const curve = this.curves.get(s.observed);
    return curve === undefined || s.inferenceNeighbours < curve.least ? undefined : Math.log(curve.at(s.inferenceNeighbours));
  }

  logSlowdown(s: Situation): number | undefined {
    let log = this.curve(s);
    if (log === undefined) return undefined;
    for (const other of foreignOf(s)) {
      const factor = this.factors.get(`${s.observed} ${other.class}`);
      if (factor === undefined) return undefined;
      log += factor * other.count;
    }
    return log;
  }

  fitted(): FittedModel {
    return {
      parameters: Object.fromEntries([
        ...[...this.knots].flatMap(([observed, knots]) => [...knots].map(([k, log]) => [`${observed} beside ${k}`, Math.exp(log)] as const)),
        ...[...this.factors].map(([name, log]) => [name.replace(' ', ' slowed by '), Math.exp(log)] as const),
      ]),
      logSlowdown: (s) => this.logSlowdown(s),
      logMs: (s) => {
        const alone = this.base.get(s.base);
        const slow = this.logSlowdown(s);
        return alone === undefined || slow === undefined ? undefined : alone + slow;
      },
      redrawn: (logMs) => new Table(this.points, logMs).fitted(),
    };
  }
}

const model: FittableModel = {
  name: 'table',
  about: 'The measured medians by number of inference neighbours, monotone between them, times one factor for each other kind of neighbour.',
  formula: 's = g(n) Π_j f_j',
  source: 'Measured groups; interpolation after Fritsch and Carlson, SIAM J. Numer. Anal. 17(2), 1980.',
  fit: (points) => new Table(points, points.map((p) => p.logMs)).fitted(),
};

export default model;
