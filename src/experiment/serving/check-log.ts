import { readEventLog } from '../../executor/log/event-log.js';
import { replayLog } from '../../executor/log/replay.js';
import { InputError } from '../../input/error.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { definitionsOf, hire } from '../assemble.js';
import { systemServed } from './open.js';

/** What an event log of `corun serve` says of the run: enough to make the same system and the same policies again. */
export interface Served {
  alternative: ResolvedAlternative;
  backend: string;
}

export interface CheckedLog {
  happenings: number;
  commands: number;
  /** Position of the first happening, from 1, after which the commands were others; undefined if they were the same. */
  divergedAt?: number;
}

/**
 * Tells a fresh control all that a server's was told, and compares what it commands.
 *
 * @throws InputError if the file is no event log of `corun serve`
 */
export async function checkLog(path: string): Promise<CheckedLog> {
  const { about, happenings } = readEventLog(path);
  const { alternative, backend } = (about ?? {}) as Partial<Served>;
  if (alternative === undefined || backend === undefined) throw new InputError(`${path}: it does not say what was served; was it written by corun serve --event-log?`);
  const system = systemServed(alternative, backend);
  const bundle = hire(alternative, system, await definitionsOf(alternative), alternative.scenario.seed, 0);
  const { commands, divergedAt } = replayLog(happenings, system, bundle);
  return { happenings: happenings.length, commands: commands.length, ...(divergedAt !== undefined && { divergedAt: divergedAt + 1 }) };
}
