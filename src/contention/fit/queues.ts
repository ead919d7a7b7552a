import { cycleTimes, type ClosedClass } from './mva.js';
import type { ParameterSpec, Values } from './parametric.js';
import type { Situation } from './situation.js';
import { parameterName } from './parameter-name.js';

const demandName = parameterName((name) => `${name}: demand`);
const hostName = parameterName((name) => `${name}: host queue`);

/** The closed network of a situation. A class spends the share d of its time alone on the device, h in the host's queue, the rest elsewhere. */
function network(s: Situation, at: Values, hostQueue: boolean): { classes: ClosedClass[]; names: string[] } | undefined {
  const names = [s.observed, ...s.neighbours.map((n) => n.class).filter((name) => name !== s.observed)];
  const classes: ClosedClass[] = [];
  for (const name of names) {
    const d = at(demandName(name));
    const q = hostQueue ? at(hostName(name)) : 0;
    if (d === undefined || q === undefined) return undefined;
    const h = (1 - d) * q;
    const count = (s.neighbours.find((n) => n.class === name)?.count ?? 0) + (name === s.observed ? 1 : 0);
    classes.push({ count, demands: hostQueue ? [d, h] : [d], think: 1 - d - h });
  }
  return { classes, names };
}

/** Parameters of a closed network: one demand per class, and one place in the host's queue if there is one. */
export function queueParameters(situations: readonly Situation[], hostQueue: boolean): ParameterSpec[] {
  const classes = new Map<string, boolean>();
  for (const s of situations) {
    if (s.neighbours.length === 0) continue;
    classes.set(s.observed, true);
    for (const n of s.neighbours) if (!classes.has(n.class)) classes.set(n.class, false);
  }
  const specs: ParameterSpec[] = [];
  for (const [name] of classes) {
    const needs = name.startsWith('training:')
      ? `needs K ≥ 2 beside ${name}: it beside two or more different numbers of inference jobs, and its own times alone and beside them`
      : `needs two or more different numbers of neighbours beside ${name}, or accelerator_busy`;
    specs.push({ name: demandName(name), least: 0, most: 1, starts: [0.5, 0.2, 0.8], needs });
    if (hostQueue) specs.push({ name: hostName(name), least: 0, most: 1, starts: [0.5, 0.1, 0.8], needs: `needs more numbers of neighbours beside ${name}, or accelerator_busy` });
  }
  return specs;
}

/** Duration over the duration alone: the cycle time of the observed class, which is 1 alone. */
export function queueSlowdown(s: Situation, at: Values, hostQueue: boolean): number | undefined {
  if (s.neighbours.length === 0) return 1;
  const found = network(s, at, hostQueue);
  return found && cycleTimes(found.classes)[0];
}

/** Share of time in which the device is busy: Σ n d / s over the classes (the utilisation law, U = X D). */
export function queueUtilisation(s: Situation, at: Values, hostQueue: boolean): number | undefined {
  const found = network(s, at, hostQueue);
  if (found === undefined) return undefined;
  const cycle = cycleTimes(found.classes);
  let busy = 0;
  found.classes.forEach(({ count, demands }, i) => (busy += (count * demands[0]) / cycle[i]));
  return busy;
}
