import { groupName, type GroupKey, type ObservedGroup, type Reading } from '../../contention/fit/group.js';
import { InputError } from '../../input/error.js';
import { KeptValues, type Budget } from './kept.js';

/** Of one process in one group. */
export interface ProcessRows {
  group: GroupRows;
  run: string;
  process: string;
  rows: number;
  kept: KeptValues;
  /** Of an open loop: how long the process had nothing to do before each row; undefined where rows do not tell it. */
  idle: KeptValues | undefined;
  /** When its last row began and ended, ms. */
  lastMs: { began: number; ended: number };
  /** Line of its first row. */
  line: number;
}

/** What is gathered of a group while its rows pass. */
export interface GroupRows {
  key: GroupKey;
  name: string;
  rows: number;
  sumMs: number;
  /** Sums and numbers of rows of what the device told. */
  readings: Partial<Record<Reading, { sum: number; rows: number }>>;
  memory: Map<number, number>;
  /** MiB per key of `memory`. */
  memoryStep: number;
  processes: ProcessRows[];
  least: { ms: number; line: number };
  most: { ms: number; line: number };
}

/** 64 MB of kept durations in all, 32 kB of one process in one group. */
const BUDGET = 8_000_000;
const PER_PROCESS = 4096;
const MOST_PROCESSES = 200_000;
const MOST_MEMORY_VALUES = 4096;

/** Rows of a file by group and process, in memory that does not grow with the number of rows. */
export class Gathered {
  private readonly groups = new Map<string, GroupRows>();
  private readonly budget: Budget = { used: 0, most: BUDGET };
  private readonly processes = new Map<string, ProcessRows>();

  /** The place of the rows of a process in a group, new or known. @throws InputError if there are too many */
  place(key: GroupKey, run: string, process: string, file: string, line: number): ProcessRows {
    const name = groupName(key);
    let group = this.groups.get(name);
    if (group === undefined) {
      const none = { ms: 0, line };
      group = { key, name, rows: 0, sumMs: 0, readings: {}, memory: new Map(), memoryStep: 1, processes: [], least: { ...none, ms: Infinity }, most: none };
      this.groups.set(name, group);
    }
    const id = `${name}\u0000${run}\u0000${process}`;
    let found = this.processes.get(id);
    if (found === undefined) {
      if (this.processes.size === MOST_PROCESSES) {
        throw new InputError(`${file}:${line}: more than ${MOST_PROCESSES} different processes and groups; does a column such as process, units or offered_rps differ in every row? A group is what is equal in everything but run, process, times and measurements`);
      }
      found = { group, run, process, rows: 0, kept: new KeptValues(this.budget, PER_PROCESS), idle: key.mode === 'open' ? new KeptValues(this.budget, PER_PROCESS) : undefined, lastMs: { began: -Infinity, ended: -Infinity }, line };
      group.processes.push(found);
      this.processes.set(id, found);
    }
    return found;
  }

  all(): readonly GroupRows[] {
    return [...this.groups.values()];
  }
}

/** Adds a row's duration. */
export function addDuration(to: ProcessRows, ms: number, line: number): void {
  const { group } = to;
  to.rows++;
  to.kept.add(ms);
  group.rows++;
  group.sumMs += ms;
  if (ms < group.least.ms) group.least = { ms, line };
  if (ms > group.most.ms) group.most = { ms, line };
}

/** Adds how long the process of a row had nothing to do before it. Rows without a time, or not in its order, do not tell it of any. */
export function addIdle(to: ProcessRows, startMs: number, ms: number): void {
  if (to.idle === undefined) return;
  if (!(startMs >= to.lastMs.began)) {
    to.idle = undefined;
    return;
  }
  to.idle.add(Math.max(0, startMs - to.lastMs.ended));
  to.lastMs = { began: startMs, ended: startMs + ms };
}

/** Adds what the device told during a row. */
export function addReading(group: GroupRows, reading: Reading, value: number): void {
  const at = (group.readings[reading] ??= { sum: 0, rows: 0 });
  at.sum += value;
  at.rows++;
}

/** Adds the memory in use: counted by MiB, coarser if there are very many values. */
export function addMemory(group: GroupRows, mib: number): void {
  const key = Math.round(mib / group.memoryStep);
  group.memory.set(key, (group.memory.get(key) ?? 0) + 1);
  if (group.memory.size <= MOST_MEMORY_VALUES) return;
  const coarser = new Map<number, number>();
  for (const [k, rows] of group.memory) coarser.set(Math.round(k / 2), (coarser.get(Math.round(k / 2)) ?? 0) + rows);
  group.memory = coarser;
  group.memoryStep *= 2;
}

/** The group as a fit wants it. */
export function observedGroup(g: GroupRows): ObservedGroup {
  return {
    ...g.key,
    name: g.name,
    n: g.rows,
    meanMs: g.sumMs / g.rows,
    clusters: g.processes.filter((p) => p.rows > 0).map((p) => ({ run: p.run, process: p.process, n: p.rows, keptMs: p.kept.kept(), ...(p.idle?.isWhole === true && p.kept.isWhole && { idleMs: p.idle.kept() }) })),
    readings: Object.fromEntries(Object.entries(g.readings).map(([name, { sum, rows }]) => [name, sum / rows])),
    memory: [...g.memory].map(([k, rows]) => ({ mib: k * g.memoryStep, rows })).sort((a, b) => a.mib - b.mib),
  };
}
