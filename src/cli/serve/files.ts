import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { InputError } from '../../input/error.js';
import type { ServeArguments } from '../serve.js';

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder; name a file',
  EACCES: 'this user may not read it',
};

function bytesIn(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError(`${option} ${file}: ${Object.hasOwn(reasons, code) ? reasons[code] : `cannot be read (${code})`}`);
  }
}

/** The token of --token-file. @throws InputError */
export function tokenOf({ tokenFile }: ServeArguments): string | undefined {
  if (tokenFile === undefined) return undefined;
  const token = bytesIn('--token-file', tokenFile).toString().trim();
  if (token === '') throw new InputError(`--token-file ${tokenFile}: it is empty; write a token into it`);
  return token;
}

/** Certificate and key, which fit each other. @throws InputError */
export function tlsOf({ tlsCert, tlsKey }: ServeArguments): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new InputError(`--tls-cert and --tls-key go together; --${tlsCert === undefined ? 'tls-cert' : 'tls-key'} is missing`);
  const [cert, key] = [bytesIn('--tls-cert', tlsCert), bytesIn('--tls-key', tlsKey)];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new InputError(`${tlsCert} and ${tlsKey} are no certificate with its key, in PEM: ${(error as Error).message}`);
  }
  return { cert, key };
}

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
