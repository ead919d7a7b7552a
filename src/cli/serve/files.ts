import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../../input/error.js';
import type { ServeArguments } from '../serve.js';

/** Refuses at the start what would be found out when the server stops, and what was recorded is lost. @throws InputError */
export function refuseRecordings({ record, eventLog }: ServeArguments): void {
  if (record !== undefined && statSync(record, { throwIfNoEntry: false })?.isDirectory()) throw new InputError(`--record ${record}: it is a folder; name a file, for example ${record.replace(/\/$/, '')}/requests.csv`);
  if (record !== undefined && eventLog !== undefined && resolve(record) === resolve(eventLog)) throw new InputError(`--record and --event-log both name ${record}; they need a file each`);
}

/** Options that say nothing where nothing is served. */
const OF_SERVING = ['record', 'eventLog', 'tokenFile', 'tlsCert', 'tlsKey', 'state', 'profile', 'devices', 'mpsShare', 'inputSize', 'classes'] as const;

/** @throws InputError if options of serving stand beside --replay-log */
export function refuseBesideReplayLog(argv: ServeArguments): void {
  const idle = [...(['model', 'source'] as const).filter((name) => argv[name].length > 0), ...OF_SERVING.filter((name) => argv[name] !== undefined)];
  if (idle.length === 0) return;
  const named = idle.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`).join(', ');
  throw new InputError(`--replay-log serves nothing, and takes the models from the log: leave out ${named}`);
}
