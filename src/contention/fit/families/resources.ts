import { sharedResources } from '../../shared-resources.js';
import { aloneReadings, classesOf } from '../alone-readings.js';
import type { FittableModel } from '../fittable.js';
import { jobsBeside, loadingParameter, loadingTerm } from '../loading-term.js';
import { parametric, type Values } from '../parametric.js';
import type { Situation } from '../situation.js';
import { parameterName } from '../parameter-name.js';

const demandOf = parameterName((name) => `${name}: accelerator demand`);

const resources: FittableModel = {
  name: 'resources',
  about: 'Jobs share time on the accelerator, and the host where its use was measured, under max-min fairness: nothing is lost until a resource is full, and then all that need it get the same.',
  formula: 's = 1 / x, Σⱼ nⱼ dⱼ xⱼ ≤ 1 for the accelerator and the host, x max-min fair and at most 1',
  source: 'Progressive filling: Bertsekas and Gallager, Data Networks, 1992. The host demand is host_busy of a job alone.',
  fit(points, from) {
    const measured = points.some((p) => p.readings?.host_busy !== undefined);
    const host = measured ? aloneReadings(points, ['host_busy'], 'use of the host') : undefined;
    if (host !== undefined && 'needs' in host) return host;
    const capacity: Record<string, number> = { accelerator: 1, ...(host === undefined ? {} : { host: 1 }) };
    const solve = (s: Situation, at: Values): { slowdown: number; busy: number } | undefined => {
      const beside = jobsBeside(s);
      const names = [s.observed, ...beside.map((n) => n.class).filter((name) => name !== s.observed)];
      const demands = names.map((name) => ({ accelerator: at(demandOf(name)), host: host?.get(name)?.[0] }));
      if (demands.some((d) => d.accelerator === undefined || (host !== undefined && d.host === undefined))) return undefined;
      const shared = sharedResources({ resources: capacity }, demands.map((d) => ({ demand: { accelerator: d.accelerator!, ...(host === undefined ? {} : { host: d.host! }) } })));
      const counts = names.map((name, i) => (beside.find((n) => n.class === name)?.count ?? 0) + Number(i === 0));
      const { rate, load } = shared.rates(counts);
      return { slowdown: 1 / rate[0], busy: load[0] };
    };
    return parametric({
      ...resources,
      parameters(situations) {
        const together = situations.filter((s) => jobsBeside(s).length > 0);
        return [
          ...classesOf(together).map((name) => ({
            name: demandOf(name),
            least: 0,
            most: 1,
            starts: [0.5, 0.9, 0.25],
            needs: `needs so many neighbours beside ${name} that the accelerator is full, or accelerator_busy`,
          })),
          ...loadingParameter(situations),
        ];
      },
      slowdown(s, at) {
        const loading = loadingTerm(s, at);
        if (loading === undefined) return undefined;
        if (jobsBeside(s).length === 0) return 1 + loading;
        const found = solve(s, at);
        return found && Math.max(0.05, found.slowdown + loading);
      },
      utilisation: (s, at) => solve(s, at)?.busy,
    }).fit(points, from);
  },
};

export default resources;
