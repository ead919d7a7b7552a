import { EventLog } from '../executor/log/event-log.js';
import { phoneRun } from '../experiment/phone/phone-run.js';
import { refuseBackend } from '../experiment/serving/open.js';
import { alternativeServed, type ServedScenario } from '../experiment/serving/served.js';
import { InputError } from '../input/error.js';
import { phoneCsv } from '../report/phone/csv.js';
import { phoneText } from '../report/phone/text.js';
import { writeFiles } from '../report/write.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import { choicesOf, modelsOf } from './model-choices.js';
import type { PhoneArguments } from './phone.js';
import { tokenIn } from './serve/listening.js';

/** What `corun phone` does. @returns the exit code: 1 if nothing was answered */
export async function runPhone(argv: PhoneArguments): Promise<number> {
  refuseBackend(argv.backend);
  if (!Number.isInteger(argv.replication) || argv.replication < 0) throw new InputError(`--replication ${argv.replication}: a whole number from 0 is needed`);
  if (argv.out === '') throw new InputError('--out needs the name of a folder, for example --out out/phone');
  console.log = console.error;
  const edges = edgesIn(argv.edge);
  const served: ServedScenario = { scenario: argv.scenario, set: argv.set, ...(argv.alternative !== undefined && { alternative: argv.alternative }) };
  const alternative = await alternativeServed(served);
  const phone = argv.phone ?? phoneAmong(alternative, edges);
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    process.stderr.write('\ninterrupted: keeping what was recorded\n');
    interrupt.abort();
    process.once('SIGINT', () => process.exit(130));
  });
  const { isTTY } = process.stderr;
  const durationS = alternative.scenario.duration_s;
  const requests = await phoneRun(alternative, {
    phone,
    edges,
    ...(argv.tokenFile !== undefined && { token: tokenIn(argv.tokenFile) }),
    backend: argv.backend,
    models: choicesOf(argv, modelsOf(alternative)),
    replication: argv.replication,
    ...(argv.eventLog !== undefined && { log: new EventLog(argv.eventLog, { ...served, phone: phone ?? '', backend: argv.backend }) }),
    signal: interrupt.signal,
    onNotice: (sentence) => process.stderr.write(`${isTTY ? '\r\x1b[K' : ''}${sentence}\n`),
    ...(isTTY && { onProgress: ({ sent, open, nowMs }) => void process.stderr.write(`\r\x1b[K${(nowMs / 1000).toFixed(0)}${durationS === undefined ? '' : ` of ${durationS}`} s: ${sent} requests, ${open} open`) }),
  });
  if (isTTY) process.stderr.write('\r\x1b[K');
  const document = { schema: 'corun/phone@1', scenario: alternative.scenario.title ?? argv.scenario, alternative: alternative.name, ...(phone !== undefined && { phone }), edges: Object.fromEntries(edges), backend: argv.backend, seed: alternative.scenario.seed, replication: argv.replication, interrupted: interrupt.signal.aborted, requests: requests.map((request) => ({ ...request, sloMs: Number.isFinite(request.sloMs) ? request.sloMs : undefined })) };
  const json = (): string => `${JSON.stringify(document, (_key, value: unknown) => (Number.isNaN(value) ? undefined : value), 2)}\n`;
  process.stdout.write(argv.format === 'json' ? json() : phoneText(`${document.scenario}: ${alternative.name}, ${requests.length} requests${phone === undefined ? '' : ` of ${phone}`}`, requests));
  if (argv.out !== undefined) process.stderr.write(`wrote ${(await writeFiles(argv.out, [['requests.csv', () => phoneCsv(requests)], ['phone.json', json]])).join(', ')}\n`);
  return requests.some(({ outcome }) => outcome === 'answered') ? 0 : 1;
}

/** The site that this client is, if nobody says: the phones, or else the only one that has no server. */
function phoneAmong({ scenario: { sites } }: ResolvedAlternative, edges: ReadonlyMap<string, string>): string | undefined {
  const left = sites.filter(({ name }) => !edges.has(name));
  return (left.find(({ device }) => device === true) ?? (left.length === 1 && sites.length > 1 ? left[0] : undefined))?.name;
}

function edgesIn(texts: readonly string[]): Map<string, string> {
  const edges = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    const [site, url] = [text.slice(0, at), text.slice(at + 1)];
    if (at < 1 || !/^https?:\/\//.test(url) || !URL.canParse(url)) throw new InputError(`--edge ${text}: write SITE=URL, for example --edge edge=http://127.0.0.1:8000`);
    if (edges.has(site)) throw new InputError(`--edge ${site} is given twice; a site has one server`);
    edges.set(site, url);
  }
  return edges;
}
