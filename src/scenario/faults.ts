import { faultKinds, type Fault, type FaultKind } from '../faults/fault.js';
import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import type { Path } from '../input/path.js';
import type { ResolvedAlternative, Supervision } from './scenario.js';
import type { ScenarioFile } from './schema.js';

type WrittenFault = NonNullable<ScenarioFile['faults']>[number];

const VERBS = ['kill', 'hang', 'lose', 'cut', 'fail'] as const;
const WATCHED_S = 10;

const verbsOf = (written: WrittenFault) => VERBS.filter((verb) => written[verb] !== undefined);
const kindOf = (written: WrittenFault): FaultKind => `${verbsOf(written)[0]} ${written[verbsOf(written)[0]]}` as FaultKind;

/** The faults of a file in which `faultIssues` finds no fault. */
export function faultsOf({ faults = [] }: ScenarioFile): Fault[] {
  return faults.filter((written) => verbsOf(written).length > 0).map((written) => {
    const { at_s, mean_every_s, for_s, mean_for_s, site, accelerator, app, direction } = written;
    const kind = kindOf(written);
    return {
      kind,
      when: at_s !== undefined ? { atMs: at_s * 1000 } : { meanEveryMs: (mean_every_s ?? Infinity) * 1000 },
      ...(for_s !== undefined ? { lasts: { forMs: for_s * 1000 } } : mean_for_s !== undefined ? { lasts: { meanForMs: mean_for_s * 1000 } } : {}),
      ...(site === undefined ? {} : { site }),
      ...(accelerator === undefined ? {} : { accelerator }),
      ...(app === undefined ? {} : { app }),
      ...(kind === 'cut link' ? { direction: direction ?? 'both' } : {}),
    };
  });
}

/** Workers are watched where they can hang. */
export function supervisionOf({ faults = [], supervision }: ScenarioFile): Supervision {
  const { hang_after_s = faults.some(({ hang }) => hang !== undefined) ? WATCHED_S : undefined, ...rest } = supervision as Partial<Supervision>;
  return { ...(rest as Omit<Supervision, 'hang_after_s'>), ...(hang_after_s === undefined ? {} : { hang_after_s }) };
}

/** Faults that cannot happen, and names that nothing has. */
export function faultIssues(written: ScenarioFile, accelerators: ResolvedAlternative['accelerators']): Issue[] {
  const issues: Issue[] = [];
  const value = (path: Path, sentence: string): void => void issues.push({ path, at: 'value', sentence });
  const known = (name: string | undefined, names: readonly string[], what: string, path: Path): void => {
    if (name === undefined || names.includes(name)) return;
    value(path, `there is no ${what} "${name}"${didYouMean(name, names)} (known: ${names.join(', ')})`);
  };
  for (const [i, fault] of (written.faults ?? []).entries()) {
    const path: Path = ['faults', i];
    const verbs = verbsOf(fault);
    if (verbs.length !== 1) {
      const found = verbs.length === 0 ? 'none is there' : `found ${verbs.join(' and ')}`;
      value(path, `exactly one of ${VERBS.join(', ')} is needed, ${found}; for example { at_s: 120, kill: worker }`);
      continue;
    }
    const kind = kindOf(fault);
    const { lasts, fields } = faultKinds[kind] as { lasts: boolean; fields: readonly string[] };
    if ((fault.at_s === undefined) === (fault.mean_every_s === undefined)) {
      const found = fault.at_s === undefined ? 'none is there' : 'found both';
      value(path, `exactly one of at_s (once) and mean_every_s (again and again) is needed, ${found}`);
    }
    if (fault.for_s !== undefined && fault.mean_for_s !== undefined) value([...path, 'mean_for_s'], 'for_s is given as well; one of them is enough');
    for (const field of ['for_s', 'mean_for_s'] as const)
      if (!lasts && fault[field] !== undefined) value([...path, field], `"${kind}" happens at one moment and does not last; leave ${field} out`);
    for (const field of ['site', 'accelerator', 'app', 'direction'] as const)
      if (!fields.includes(field) && (field !== 'direction' || fault.direction !== 'both') && fault[field] !== undefined)
        value([...path, field], `"${kind}" has no ${field}; it can be narrowed by ${fields.join(', ')}`);
    const sites = written.sites.map(({ name }) => name);
    known(fault.site, sites, 'site', [...path, 'site']);
    known(fault.accelerator, accelerators.map(({ name }) => name), 'accelerator', [...path, 'accelerator']);
    known(fault.app, written.workload.map(({ app }) => app), 'app', [...path, 'app']);
    if ((kind === 'lose site' || kind === 'cut link') && fault.site === undefined && sites.length > 1) value(path, `say which site: site: ${sites.join(' or ')}`);
    if (kind === 'lose accelerator' && fault.accelerator === undefined && fault.site !== undefined && !accelerators.some(({ site }) => sites[site] === fault.site))
      value([...path, 'site'], `site ${fault.site} has no accelerator to lose`);
  }
  return issues;
}
