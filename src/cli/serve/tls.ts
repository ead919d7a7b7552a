import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { InputError } from '../../input/error.js';

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError(`${option} ${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

/** Certificate and key of the options, if they are given. @throws InputError if one is missing, or they are no pair */
export function tlsOf({ tlsCert, tlsKey }: { tlsCert?: string; tlsKey?: string }): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new InputError('--tls-cert and --tls-key need each other: a certificate and its private key, both PEM');
  const pair = { cert: read('--tls-cert', tlsCert), key: read('--tls-key', tlsKey) };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new InputError(`--tls-cert ${tlsCert}, --tls-key ${tlsKey}: they are no certificate and its private key in PEM (${(error as Error).message})`);
  }
  return pair;
}
