import type { Fault } from '../faults/fault.js';
import type { Runs } from './runs.js';

const seconds = (ms: number): string => `${ms / 1000} s`;

function told({ kind, site, accelerator, app, direction, when, lasts }: Fault): string {
  const what = [kind, accelerator ?? site, app, direction === 'both' ? undefined : direction].filter((part) => part !== undefined).join(' ');
  const at = 'atMs' in when ? `at ${seconds(when.atMs)}` : `${seconds(when.meanEveryMs)} apart in the mean`;
  const howLong = lasts === undefined ? '' : 'forMs' in lasts ? ` for ${seconds(lasts.forMs)}` : ` for ${seconds(lasts.meanForMs)} in the mean`;
  return `${what} ${at}${howLong}`;
}

/** What breaks by the scenario's word, in a sentence for the reader. */
export function faultNotes(runs: readonly Runs[]): string[] {
  return [...new Set(runs.map(({ alternative }) => alternative.scenario.faults.map(told).join('; ')))]
    .filter((list) => list !== '')
    .map((list) => `What breaks, at the same moments under all alternatives: ${list}.`);
}
