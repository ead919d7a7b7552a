import type { Scenario } from '../scenario/scenario.js';
import type { Runs } from './runs.js';

type Job = Scenario['retraining'][number];

function told({ model, app, learning }: Job): string[] {
  if (learning === undefined) return [];
  const { kind, ...options } = learning.drift;
  const how = Object.entries(options).map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`);
  return [`accuracy of ${app ?? model} under ${kind === 'none' ? 'no' : kind} drift${how.length > 0 ? ` (${how.join('; ')})` : ''}`];
}

/** How the world drifts by the scenario's word, in a sentence for the reader: nobody measured it. */
export function driftNotes(runs: readonly Runs[]): string[] {
  return [...new Set(runs.map(({ alternative }) => alternative.scenario.retraining.flatMap(told).join('; ')))]
    .filter((list) => list !== '')
    .map((list) => `Assumed, not measured: ${list}.`);
}
