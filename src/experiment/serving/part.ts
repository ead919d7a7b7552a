import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import type { ResolvedAlternative, Stage } from '../../scenario/scenario.js';

/** Position of a site in an alternative. @throws InputError with the nearest name */
export function siteNamed({ scenario: { sites } }: ResolvedAlternative, name: string, option = '--site'): number {
  const names = sites.map((site) => site.name);
  const site = names.indexOf(name);
  if (site < 0) throw new InputError(`${option} ${name}: the scenario has no such site${didYouMean(name, names)} (known: ${names.join(', ')})`);
  return site;
}

/**
 * What one site of an alternative does by itself: its own accelerators, models and retraining, and the requests that clients send
 * there. Which site a request goes to is decided before it comes, so the router of the part sends all to it.
 *
 * @throws InputError if there is no such site, or it answers no app
 */
export function partAt(alternative: ResolvedAlternative, name: string): ResolvedAlternative {
  const site = siteNamed(alternative, name);
  const { scenario, policies } = alternative;
  if (scenario.sites[site].device === true) throw new InputError(`site ${name} is the phones of the clients; run one with corun phone`);
  const accelerators = alternative.accelerators.filter((accelerator) => accelerator.site === site).map((accelerator) => ({ ...accelerator, site: 0 }));
  const isKnown = (model: string): boolean => accelerators.some(({ profile }) => Object.hasOwn(profile.models, model));
  const isHere = (model: string, at: string | undefined): boolean => (at === undefined || at === name) && isKnown(model);
  const stageHere = (stage: Stage): Stage[] => {
    if (stage.variants === undefined) return isHere(stage.model, stage.site) ? [stage] : [];
    const variants = stage.variants.filter((variant) => isHere(variant.model, variant.site ?? stage.site));
    return variants.length === 0 ? [] : [{ ...stage, model: variants[0].model, variants }];
  };
  const workload = scenario.workload.map((app) => ({ ...app, stages: app.stages.flatMap(stageHere) }));
  const split = workload.find(({ stages }, app) => stages.length > 0 && stages.length < scenario.workload[app].stages.length);
  if (split !== undefined) throw new InputError(`app ${split.app} runs some of its stages at site ${name} and others elsewhere; a site is served that runs all stages of its apps`);
  const here = workload.filter(({ stages }) => stages.length > 0);
  if (here.length === 0) throw new InputError(`site ${name} answers no app of the scenario`);
  return {
    ...alternative,
    accelerators,
    scenario: { ...scenario, workload: here, sites: [scenario.sites[site]], retraining: scenario.retraining.filter((job) => job.site === name) },
    policies: { ...policies, route: { policy: 'fixed', options: {} } },
  };
}
