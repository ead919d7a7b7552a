import { aloneReadings } from '../alone-readings.js';
import { clockOf } from '../clock-line.js';
import type { FittableModel } from '../fittable.js';
import { jobsBeside, loadingParameter, loadingTerm } from '../loading-term.js';
import { parametric, type ParameterSpec } from '../parametric.js';
import { parameterName } from '../parameter-name.js';

const BASE = 'scheduling: base';
const cacheOf = parameterName((name) => `${name}: L2 sensitivity`);
const schedulingOf = parameterName((name) => `${name}: scheduling`);

const igniter: FittableModel = {
  name: 'igniter',
  about: 'Three channels: neighbours take L2 cache, the scheduler of kernels slows with the number of processes, and the clock falls at the power cap (where clock and power were measured).',
  formula: 's = F / f (1 + αᵢ Σⱼ nⱼ l2ⱼ + [p ≥ 2] σᵢ (p + β)), p processes in all, f falling with Σ power beyond the cap',
  source: 'Xu, Xu, Chen, Chen, Shang, Zhou, Liu: iGniter, IEEE TPDS 34(3), 2023; its times of kernels and transfers are folded into αᵢ and σᵢ, since observations have whole durations.',
  fit(points, from) {
    const l2 = aloneReadings(points, ['l2_busy'], 'L2 utilisation');
    if ('needs' in l2) return l2;
    const clock = clockOf(points);
    return parametric({
      ...igniter,
      parameters(situations) {
        const specs = new Map<string, ParameterSpec>();
        for (const s of situations) {
          if (jobsBeside(s).length === 0) continue;
          const needs = `needs ${s.observed} beside neighbours of different models, and more of them: what the cache and what the scheduler cost grow alike beside one model`;
          specs.set(cacheOf(s.observed), { name: cacheOf(s.observed), least: 0, most: 50, starts: [0.5, 2], needs });
          specs.set(schedulingOf(s.observed), { name: schedulingOf(s.observed), least: 0, most: 5, starts: [0.05, 0.2], needs });
          specs.set(BASE, { name: BASE, least: -2, most: 20, starts: [-1, 0], needs });
        }
        return [...specs.values(), ...loadingParameter(situations)];
      },
      slowdown(s, at) {
        const loading = loadingTerm(s, at);
        const beside = jobsBeside(s);
        if (loading === undefined || !l2.has(s.observed) || beside.some((n) => !l2.has(n.class))) return undefined;
        if (beside.length === 0) return 1 + loading;
        const [cache, scheduling] = [at(cacheOf(s.observed)), at(schedulingOf(s.observed))];
        if (cache === undefined || scheduling === undefined) return undefined;
        let [used, processes] = [0, 1];
        for (const n of beside) {
          used += n.count * l2.get(n.class)![0];
          processes += n.count;
        }
        return (1 + cache * used + scheduling * (processes + at(BASE)!) + loading) / clock(s);
      },
    }).fit(points, from);
  },
};

export default igniter;
