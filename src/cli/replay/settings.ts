import { readFileSync } from 'node:fs';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { createSecureContext } from 'node:tls';
import type { ReplayMode, ReplayOptions } from '../../experiment/replay/replay.js';
import { InputError } from '../../input/error.js';
import { merged, type Labelled } from '../../trace/merge.js';
import type { TraceRow } from '../../trace/write.js';
import type { ReplayArguments } from '../replay.js';
import { openSource } from '../trace/source.js';

const dashed = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What the arguments say, checked. @throws InputError */
export function replaySettings(argv: ReplayArguments): ReplayOptions {
  for (const name of ['speed', 'timeoutS'] as const) if (argv[name] !== undefined && !(argv[name] > 0 && argv[name] < Infinity)) throw new InputError(`${dashed(name)} ${argv[name]}: a number above 0 is needed`);
  for (const name of ['clients', 'limit', 'mostOpen'] as const) if (argv[name] !== undefined && !(Number.isInteger(argv[name]) && argv[name] > 0)) throw new InputError(`${dashed(name)} ${argv[name]}: a whole number from 1 is needed`);
  if (argv.thinkMs !== undefined && !(argv.thinkMs >= 0 && argv.thinkMs < Infinity)) throw new InputError(`--think-ms ${argv.thinkMs}: a number of ms from 0 is needed`);
  if (argv.thinkMs !== undefined && argv.clients === undefined) throw new InputError('--think-ms is of a closed loop: say how many clients with --clients');
  if (argv.speed !== undefined && argv.clients !== undefined) throw new InputError('--speed is of an open loop and --clients of a closed one: leave one out');
  if (/\/v2\/?$/.test(argv.url)) throw new InputError(`--url ${argv.url}: leave /v2 out, it is added: --url ${argv.url.replace(/\/v2\/?$/, '')}`);
  const pace: ReplayMode = argv.clients === undefined ? { mode: 'open', speed: argv.speed ?? 1 } : { mode: 'closed', clients: argv.clients, think_ms: argv.thinkMs ?? 0 };
  return {
    url: argv.url,
    models: modelsOf(argv),
    pace,
    seed: argv.seed,
    limit: argv.limit ?? Infinity,
    timeoutMs: argv.timeoutS! * 1000,
    mostOpen: argv.mostOpen!,
    headers: { ...Object.fromEntries(argv.header.map(headerOf)), ...(argv.tokenFile !== undefined && authorizationIn(argv.tokenFile)) },
    ...(argv.ca !== undefined && { ca: certificateIn(argv.ca) }),
    shapes: new Map(argv.shape.map((text) => pair('--shape', text, 'input=1,224,224,3')).map(([name, text]) => [name, shapeOf(name, text)])),
  };
}

function modelsOf({ model, app }: ReplayArguments): Map<string | undefined, string> {
  if (model !== undefined && app.length > 0) throw new InputError('--model is for all requests and --app for those of an app: leave one out');
  if (model !== undefined) return new Map([[undefined, model]]);
  if (app.length === 0) throw new InputError('a model is needed: --model MODEL for all requests, or --app APP=MODEL for each app of the trace');
  const models = new Map<string, string>();
  for (const text of app) {
    const [name, value] = pair('--app', text, 'plants=resnet50');
    if (models.has(name)) throw new InputError(`--app ${name} was given more than once; give it once`);
    models.set(name, value);
  }
  return models;
}

function pair(option: string, text: string, example: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 1 || equals === text.length - 1) throw new InputError(`${option} ${text}: name=value is needed, for example ${option} ${example}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function headerOf(text: string): [name: string, value: string] {
  const [name, value] = pair('--header', text, '"authorization=Bearer abc"');
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (error) {
    throw new InputError(`--header ${text}: ${(error as Error).message}`);
  }
  return [name, value];
}

function authorizationIn(file: string): Record<string, string> {
  const token = bytesIn('--token-file', file).toString().trim();
  if (token === '') throw new InputError(`--token-file ${file}: it is empty; write the server's token into it`);
  try {
    validateHeaderValue('authorization', token);
  } catch {
    throw new InputError(`--token-file ${file}: a token is one line of plain characters`);
  }
  return { authorization: `Bearer ${token}` };
}

function certificateIn(file: string): Buffer {
  const ca = bytesIn('--ca', file);
  const wrong = (why: string): InputError => new InputError(`--ca ${file}: ${why}; a certificate in PEM is needed, which begins with -----BEGIN CERTIFICATE-----`);
  // A file without any is taken by OpenSSL, and vouches for nobody.
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw wrong('there is no certificate in it');
  try {
    createSecureContext({ ca });
  } catch (error) {
    throw wrong((error as Error).message);
  }
  return ca;
}

function bytesIn(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError(`${option} ${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function shapeOf(name: string, text: string): number[] {
  const shape = text.split(',').map(Number);
  if (!shape.every((n) => Number.isInteger(n) && n > 0)) throw new InputError(`--shape ${name}=${text}: whole numbers from 1 are needed, for example --shape ${name}=1,224,224,3`);
  return shape;
}

/** The requests of the trace in order of time, each with its app if apps were named. @throws InputError */
export async function openRows(argv: ReplayArguments, models: ReadonlyMap<string | undefined, string>): Promise<{ name: string; rows: AsyncGenerator<TraceRow> }> {
  const apps = [...models.keys()].filter((app) => app !== undefined);
  const streams: Labelled[] = [];
  let named = '';
  for (const app of apps.length > 0 ? apps : [undefined]) {
    const { name, arrivals } = await openSource(argv.trace, argv, app === undefined ? {} : { app, apps });
    named = name;
    streams.push({ arrivals, app });
  }
  return { name: named, rows: merged(streams) };
}
