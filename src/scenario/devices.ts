import type { Issue } from '../input/issue.js';
import type { Path } from '../input/path.js';
import type { ScenarioFile } from './schema.js';

/** A device stands for phones that are alike, and is reached without a network; somewhere there is a server. */
export function deviceIssues({ sites, retraining }: ScenarioFile): Issue[] {
  const issues: Issue[] = [];
  const tell = (path: Path, sentence: string): number => issues.push({ path, at: 'value', sentence });
  for (const [s, { name, device, accelerators, network }] of sites.entries()) {
    if (device !== true) continue;
    if (accelerators.length !== 1 || (accelerators[0].count ?? 1) !== 1)
      tell(['sites', s, 'accelerators'], 'a device has one accelerator, which says what each of the phones is like; every request has a phone of its own');
    if (network !== undefined) tell(['sites', s, 'network'], 'no network leads to a phone’s own requests; leave it out');
    for (const [i, job] of (retraining === undefined ? [] : [retraining].flat()).entries())
      if (job.site === name) tell(Array.isArray(retraining) ? ['retraining', i, 'site'] : ['retraining', 'site'], 'nothing is retrained on the phones of the clients; name another site');
  }
  if (sites.every(({ device }) => device === true)) tell(['sites'], 'every site is a device; at least one with a server is needed');
  return issues;
}
