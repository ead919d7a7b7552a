import type { Edge } from '../../executor/repository/edge.js';
import { readEventLog, type LoggedHappening } from '../../executor/log/event-log.js';
import { Kind } from '../../executor/log/happening.js';
import { replayLog } from '../../executor/log/replay.js';
import { definitionsOf, hire } from '../assemble.js';
import { systemServed } from './open.js';
import { alternativeServed, servedIn, type Served } from './served.js';

export interface LogReplay {
  happenings: number;
  commands: number;
  /** The first happening after which control commanded something else than it did for real; undefined if there is none. */
  divergedAt?: { position: number; what: string; subject: number; nowMs: number };
}

/**
 * Tells the policies what an event log says that they were told, and looks whether they decide the same.
 *
 * @param served what to tell it to; what the log says was served, if left out
 * @throws InputError if the log or what it names cannot be read
 */
export async function replayServed(file: string, served?: Served): Promise<LogReplay> {
  const { about, happenings } = readEventLog(file);
  const { backend = 'fake', phone, repository } = (about ?? {}) as { backend?: string; phone?: string; repository?: Edge['beginning'] };
  const alternative = await alternativeServed(served ?? servedIn(about, file));
  const elsewhere = phone === undefined ? undefined : new Set(alternative.scenario.sites.flatMap(({ name }, site) => (name === phone ? [] : [site])));
  const system = systemServed(alternative, backend, { elsewhere, beginning: repository });
  const { commands, divergedAt } = replayLog(happenings, system, hire(alternative, system, await definitionsOf(alternative), alternative.scenario.seed, 0));
  return { happenings: happenings.length, commands: commands.length, ...(divergedAt !== undefined && { divergedAt: { position: divergedAt, ...told(happenings[divergedAt]) } }) };
}

function told({ kind, subject, nowMs }: LoggedHappening): { what: string; subject: number; nowMs: number } {
  const what = Object.entries(Kind).find(([, number]) => number === kind)?.[0] ?? String(kind);
  return { what, subject, nowMs };
}
