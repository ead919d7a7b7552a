import { InputError } from '../../input/error.js';
import { median } from '../../contention/fit/medians.js';
import { isSolo } from '../../contention/fit/group.js';
import { observedClass } from '../../contention/fit/situation.js';
import type { GroupRows } from './gather.js';

/** Durations that differ by more than this within what should be alike were not measured in one unit. */
const ANOTHER_UNIT = 200;
/** A share of such rows that is no longer a few stalls. */
const MANY = 0.05;

interface Middle {
  group: GroupRows;
  ms: number;
}

/**
 * Looks for seconds or microseconds among milliseconds: within a group, between its processes, and between groups of one model.
 *
 * @returns warnings that name rows
 * @throws InputError if a good part of a group, one of its processes, or a whole group is in another unit
 */
export function checkUnits(groups: readonly GroupRows[], file: string): string[] {
  const warnings: string[] = [];
  const middles: Middle[] = [];
  for (const group of groups) {
    if (group.rows === 0) continue;
    const medians = group.processes.filter((p) => p.rows > 0).map((p) => ({ p, ms: median(p.kept.kept()) }));
    const kept = medians.flatMap(({ p }) => Array.from(p.kept.kept()));
    const middle = median(kept);
    middles.push({ group, ms: middle });
    const odd = medians.find(({ ms }) => far(ms, middle));
    if (odd !== undefined && medians.length > 1) throw mixed(file, odd.p.line, `process ${odd.p.process} of ${group.name} takes ${shown(odd.ms)} ms in the middle, the group ${shown(middle)} ms`);
    const outliers = kept.filter((ms) => far(ms, middle)).length;
    const extreme = far(group.most.ms, middle) ? group.most : far(group.least.ms, middle) ? group.least : undefined;
    if (extreme === undefined) continue;
    const what = `${group.name} takes ${shown(middle)} ms in the middle, and ${shown(extreme.ms)} ms here`;
    if (outliers > MANY * kept.length) throw mixed(file, extreme.line, `${what} and in ${Math.round((100 * outliers) / kept.length)} % of its rows`);
    warnings.push(`${file}:${extreme.line}: ${what}. A stall, or another unit? duration_ms is in milliseconds.`);
  }
  for (const { group, ms } of middles) {
    const alone = middles.find((m) => isSolo(m.group.key) && observedClass(m.group.key) === observedClass(group.key) && m.group.key.units === group.key.units);
    if (alone !== undefined && far(ms, alone.ms)) throw mixed(file, group.processes[0].line, `${group.name} takes ${shown(ms)} ms, alone it takes ${shown(alone.ms)} ms`);
  }
  return warnings;
}

const far = (a: number, b: number): boolean => a > ANOTHER_UNIT * b || b > ANOTHER_UNIT * a;
const shown = (ms: number): string => String(Number(ms.toPrecision(4)));
const mixed = (file: string, line: number, what: string): InputError => new InputError(`${file}:${line}: duration_ms: ${what}. Were seconds or microseconds mixed with milliseconds?`);
