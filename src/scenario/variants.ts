import { Type } from '@sinclair/typebox';
import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import type { Path } from '../input/path.js';
import type { Draft } from './normal-form.js';
import type { Scenario, Stage, Variant, Workload } from './scenario.js';
import type { ScenarioFile } from './schema.js';

const name = (description: string, examples: unknown[]) => Type.String({ minLength: 1, description, examples });

/** Several models that can answer the same request. */
export const variantsField = Type.Optional(
  Type.Array(
    Type.Union([
      name('a model, as the profile names it', ['resnet50']),
      Type.Object(
        {
          model: name('a model, as the profile names it', ['mobilenet_v1_0.25_128']),
          site: Type.Optional(name('only this site runs it; by default any site whose profile knows it', ['phone'])),
          accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'share of its answers that are right, as a fraction; by default the profile’s', examples: [0.71] })),
        },
        { additionalProperties: false, description: 'a model, and what is different about it here' },
      ),
    ]),
    { minItems: 1, description: 'several models that can answer the same request, instead of `model`; the select policy chooses among them' },
  ),
);

type Written = string | Variant;
type Holder = { variants?: Written[]; stages?: { variants?: Written[] }[] };

/** Every variant of a workload as it is written, and where. */
export function writtenVariants(workload: object, path: Path): { variant: Written; path: Path }[] {
  const { variants = [], stages = [] } = workload as Holder;
  return [
    ...variants.map((variant, v) => ({ variant, path: [...path, 'variants', v] })),
    ...stages.flatMap((stage, s) => (stage.variants ?? []).map((variant, v) => ({ variant, path: [...path, 'stages', s, 'variants', v] }))),
  ];
}

/** The models of a stage: the only one, or all that are listed with the first in front. */
export function modelsOf({ model, variants }: { model?: string; variants?: unknown[] }): Pick<Stage, 'model' | 'variants'> {
  // Neither of them is a mistake that is told elsewhere.
  if (variants === undefined) return { model: model ?? '' };
  const listed = (variants as Written[]).map((variant) => (typeof variant === 'string' ? { model: variant } : variant));
  return { model: listed[0].model, variants: listed };
}

type Sites = Scenario['sites'];

function profilesOf(sites: Sites, site: string | undefined): Sites[number]['accelerators'][number]['profile'][] {
  return sites.filter((each) => site === undefined || each.name === site).flatMap(({ accelerators }) => accelerators.filter(({ count }) => count > 0).map(({ profile }) => profile));
}

/** Whether it is known how accurate the app's answers are. */
export function hasAccuracy({ stages }: Workload, sites: Sites): boolean {
  const { model, site, variants = [{ model }] } = stages[stages.length - 1];
  return variants.every((variant: Variant) => {
    const profiles = profilesOf(sites, variant.site ?? site).filter(({ models }) => Object.hasOwn(models, variant.model));
    return variant.accuracy !== undefined || profiles.every(({ models }) => models[variant.model].accuracy !== undefined);
  });
}

/** Every variant is known where it may run, named once, and has an accuracy if there is a choice; and what drifts has no variants. */
export function variantIssues(draft: Draft, written: ScenarioFile): Issue[] {
  const issues: Issue[] = [];
  for (const [w, { stages }] of draft.workload.entries()) {
    for (const [s, { site, variants = [] }] of stages.entries()) {
      const at: Path = written.workload[w].stages === undefined ? ['workload', w, 'variants'] : ['workload', w, 'stages', s, 'variants'];
      for (const [v, variant] of variants.entries()) {
        const tell = (sentence: string): number => issues.push({ path: [...at, v], at: 'value', sentence });
        const only = variant.site ?? site;
        const profiles = profilesOf(draft.sites, only);
        const known = [...new Set(profiles.flatMap(({ models }) => Object.keys(models)))];
        const where = only === undefined ? 'no profile' : `no profile of site ${only}`;
        if (variants.findIndex((other) => other.model === variant.model && other.site === variant.site) < v) tell(`a second variant ${variant.model}, each may be named once`);
        if (profiles.length > 0 && !known.includes(variant.model))
          tell(`${where} knows the model "${variant.model}"${didYouMean(variant.model, known)} (${known.length > 0 ? `known: ${known.join(', ')}` : 'it knows none'})`);
        else if (variants.length > 1 && variant.accuracy === undefined && profiles.some(({ models }) => models[variant.model] !== undefined && models[variant.model].accuracy === undefined))
          tell(`variants differ in accuracy, and nobody says that of ${variant.model}; write { model: ${variant.model}, accuracy: 0.7 }, or give it to the profile`);
      }
    }
  }
  for (const [i, { learning, app, model }] of draft.retraining.entries()) {
    const taught = learning === undefined ? undefined : draft.workload.find((w) => (w.stages.at(-1)!.variants?.length ?? 1) > 1 && (app === undefined ? w.stages.at(-1)!.model === model : w.app === app));
    if (taught !== undefined)
      issues.push({ path: Array.isArray(written.retraining) ? ['retraining', i, 'learning'] : ['retraining', 'learning'], at: 'value', sentence: `app ${taught.app} has variants, and what a model learns is not known of its variants; leave out learning, or give the app one model` });
  }
  return issues;
}
