import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Executor } from '../executor/executor.js';
import { withLock } from '../executor/lock.js';
import { EventLog } from '../executor/log/event-log.js';
import { soloMsOf } from '../executor/probe-model.js';
import { RequestTrace } from '../executor/server/request-trace.js';
import { DEFAULT_LIMITS, openServer } from '../executor/server/server.js';
import { openEdge } from './serve/edge.js';
import { openServing, refuseBackend } from '../experiment/serving/open.js';
import { refuseModelNames, servedModels } from '../experiment/serving/models.js';
import { alternativeServed, type Served } from '../experiment/serving/served.js';
import { InputError } from '../input/error.js';
import { choicesOf, modelsOf } from './model-choices.js';
import { refuseRecordings } from './serve/files.js';
import { listen, refusePort, refuseTakenPort, signals, tlsOf, tokenIn } from './serve/listening.js';
import { retrainingReport } from './serve/retraining-report.js';
import { slowly } from './serve/slowly.js';
import type { ServeArguments } from './serve.js';
import { serveLog, type ServeLog } from './serve-log.js';

/** How long a server that stops waits for what it accepted. */
const DRAIN_MS = 30_000;
const INTERNAL = 3;

/** What `corun serve` does, until a signal. @returns the exit code */
export async function runServe(argv: ServeArguments): Promise<number> {
  refusePort(argv.port);
  const token = argv.tokenFile === undefined ? undefined : tokenIn(argv.tokenFile);
  const tls = tlsOf(argv);
  refuseRecordings(argv);
  const cudaDevices = argv.devices === undefined ? undefined : devicesIn(argv.devices);
  if (argv.mpsShare !== undefined && !(argv.mpsShare > 0 && argv.mpsShare <= 100)) throw new InputError(`--mps-share ${argv.mpsShare}: percent above 0 and up to 100 are needed`);
  refuseBackend(argv.backend);
  const log = serveLog(argv.logFormat ?? 'text', argv.logLevel ?? 'info');
  // What a researcher's policy prints must not end up among results.
  console.log = console.error;
  const served = await servedBy(argv, log);
  let work = () => serve(argv, served, { token, tls, cudaDevices, log });
  for (const name of ['state', 'storage'] as const) {
    const folder = argv[name];
    if (folder === undefined) continue;
    const inner = work;
    work = () => alone(name, folder, inner);
  }
  return work();
}

/** Serves with a folder that no other server uses. */
async function alone(option: string, folder: string, work: () => Promise<number>): Promise<number> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`--${option} ${folder}: this folder cannot be made (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  return withLock(join(folder, 'serve.lock'), 'serving', work);
}

/** What was made of the options beforehand. */
interface Prepared {
  token: string | undefined;
  tls: { cert: Buffer; key: Buffer } | undefined;
  cudaDevices: number[] | undefined;
  log: ServeLog;
}

/** Serves until a signal, or a policy's fault. */
async function serve(argv: ServeArguments, served: Served, { token, tls, cudaDevices, log }: Prepared): Promise<number> {
  const alternative = await alternativeServed(served);
  let fail!: (error: Error) => void;
  const failed = new Promise<number>((end) => {
    fail = (error) => {
      log.tell('error', 'failed', `the policy or the books failed, and the server ends: ${error.stack ?? error.message}`);
      end(INTERNAL);
    };
  });
  const report = {
    failed: (error: Error) => fail(error),
    workerDied: (worker: number, why: string) => log.tell('warn', 'worker_died', `worker ${worker} died: ${why}`, { worker, why }),
    ...retrainingReport(alternative.scenario.retraining, log),
  };
  const models = choicesOf(argv, modelsOf(alternative));
  const edge = await openEdge(argv, alternative, log);
  const executor = await openServing(alternative, { backend: argv.backend, models, ...(edge && { edge }), ...(argv.state !== undefined && { state: argv.state }), options: { report, ...(cudaDevices && { cudaDevices }), ...(argv.mpsShare !== undefined && { sharePercent: argv.mpsShare }), ...(argv.eventLog !== undefined && { log: new EventLog(argv.eventLog, { ...served, backend: argv.backend, ...(edge && { repository: edge.beginning }) }) }) } });
  const requests = argv.record === undefined ? undefined : await RequestTrace.open(argv.record, (error) => log.tell('error', 'trace_failed', `the trace ends here, and serving goes on: ${error.message}`));
  const server = openServer(executor, DEFAULT_LIMITS, { token, requests, tls, onAnswer: (answer) => log.answered(answer) });
  // Before the models are loaded, so that a port in use is known at once and health can be asked.
  const url = await listen(server, argv);
  const stopped = signals();
  const loading = slowly(executor.begin(), () => log.tell('info', 'loading', `loading ${processesOf(executor)}; ${url}/v2/health/ready says when they are ready`, { url }));
  const began = loading.then(() => {
    const apps = executor.control.system.apps.map(({ name }) => name);
    log.tell('info', 'started', `serving ${apps.join(', ')} on ${argv.backend} at ${url} (Ctrl-C stops; a browser shows a live page there)`, { apps, backend: argv.backend, url });
    if (argv.backend !== 'fake' && argv.state === undefined && executor.control.system.jobs.length > 0) log.tell('warn', 'not_kept', 'what is learnt will be lost with this server; --state DIR keeps it');
    if (token === undefined && !['127.0.0.1', '::1', 'localhost'].includes(argv.host)) log.tell('warn', 'unguarded', 'anyone who reaches this address may ask; --token-file FILE guards it');
  });
  try {
    const ended = await Promise.race([began.then(() => Promise.race([stopped, failed])), stopped]);
    await stop(server, executor, ended, log);
    if (requests !== undefined) log.tell('info', 'trace_closed', await closed(requests, argv.record!), { file: argv.record, requests: requests.rows });
    return ended;
  } catch (error) {
    await server.close();
    await requests?.close();
    throw error;
  }
}

/** `2 processes of vgg16`, for each model. */
function processesOf({ control }: Executor): string {
  const copies = new Map<string, number>();
  for (const { lane } of control.workers) copies.set(control.laneSpecs[lane].model, (copies.get(control.laneSpecs[lane].model) ?? 0) + 1);
  return [...copies].map(([model, count]) => `${count} process${count === 1 ? '' : 'es'} of ${model}`).join(', ');
}

async function stop(server: FastifyInstance, executor: Executor, code: number, log: ServeLog): Promise<void> {
  if (code === 0) log.tell('info', 'stopping', 'stopping; what was accepted is answered first');
  process.once('SIGINT', () => process.exit(130));
  await server.close();
  await executor.stop(DRAIN_MS);
}

async function closed(requests: RequestTrace, file: string): Promise<string> {
  const rows = await requests.close();
  return rows === 0 ? `no request came, so ${file} was not written` : `${rows} requests are in ${file}`;
}

async function servedBy(argv: ServeArguments, log: ServeLog): Promise<Served> {
  if (argv.scenario !== undefined) {
    if (argv.model.length > 0) throw new InputError('a scenario says its models by itself: leave out --model, or the scenario');
    return { scenario: argv.scenario, set: argv.set, ...(argv.alternative !== undefined && { alternative: argv.alternative }), ...(argv.site !== undefined && { site: argv.site }) };
  }
  if (argv.model.length === 0) throw new InputError('serve needs a scenario file or a model, for example: corun serve --backend wasm --model mobilenet_v3_small\nSee: corun serve --help');
  if (argv.set.length > 0 || argv.alternative !== undefined || argv.site !== undefined) throw new InputError('--set, --alternative and --site are for a scenario; with --model there is none');
  if (argv.backend === 'fake') throw new InputError('the fake backend needs a scenario, whose profile has the times');
  const copies = servedModels(argv.model);
  const apps = Object.keys(copies);
  const models = choicesOf(argv, apps);
  refuseModelNames(apps, models);
  const soloMs: Record<string, number> = {};
  await refuseTakenPort(argv);
  if (argv.profile === undefined) for (const app of apps) soloMs[app] = await slowly(soloMsOf(argv.backend, { models }, app), () => log.tell('info', 'timing', `${app} is loaded and timed alone, since there is no --profile`, { model: app }));
  return { short: { copies, dispatch: argv.policy, soloMs, ...(argv.profile !== undefined && { profile: argv.profile }) } };
}

function devicesIn(text: string): number[] {
  if (!/^\d+(,\d+)*$/.test(text)) throw new InputError(`--devices ${text}: write the CUDA numbers of the accelerators, for example --devices 0,1`);
  return text.split(',').map(Number);
}
