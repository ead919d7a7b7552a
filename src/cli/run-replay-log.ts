import { replayServed } from '../experiment/serving/replay-log.js';
import type { ServeArguments } from './serve.js';

/** What `corun serve --replay-log FILE` does. @returns the exit code: 1 if the policies decide otherwise */
export async function runReplayLog(file: string, { scenario, set, alternative }: ServeArguments): Promise<number> {
  console.log = console.error;
  const { happenings, commands, divergedAt } = await replayServed(file, scenario === undefined ? undefined : { scenario, set, ...(alternative !== undefined && { alternative }) });
  if (divergedAt === undefined) {
    process.stdout.write(`${happenings} happenings, ${commands} commands: identical\n`);
    return 0;
  }
  const { position, what, subject, nowMs } = divergedAt;
  process.stdout.write(`the commands differ from happening ${position + 1} of ${happenings} on: ${what} ${subject} at ${nowMs.toFixed(3)} ms\n`);
  return 1;
}
