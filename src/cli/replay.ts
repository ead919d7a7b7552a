import type { CommandModule, InferredOptionTypes } from 'yargs';
import type { ReplayOptions } from '../experiment/replay/replay.js';
import { type options, withOptions } from './options.js';
import { withSource, type SourceArguments } from './trace/source.js';

type Arguments = {
  trace?: string;
  url: string;
  model?: string;
  app: string[];
  speed?: number;
  clients?: number;
  thinkMs?: number;
  limit?: number;
  timeoutS?: number;
  mostOpen?: number;
  header: string[];
  ca?: string;
  tokenFile?: string;
  shape: string[];
  out?: string;
} & SourceArguments &
  InferredOptionTypes<Pick<typeof options, 'format'>>;

const list = { type: 'string', array: true, nargs: 1, default: [] as string[] } as const;

const command: CommandModule<object, Arguments> = {
  command: 'replay [trace]',
  describe: 'send a trace to a server of the Open Inference Protocol on schedule, and say when each request was due, sent and answered',
  builder: (argv) =>
    withOptions(
      withSource(argv.positional('trace', { type: 'string', describe: 'the trace (corun-csv, or another format with --from)' }))
        .option('url', { type: 'string', demandOption: true, describe: 'address of the server, before /v2' })
        .option('model', { type: 'string', describe: 'model that all requests go to' })
        .option('app', { ...list, describe: "instead of --model, the model of an app's requests, as app=model; may be repeated" })
        .option('speed', { type: 'number', describe: 'replay so many times faster' })
        .option('clients', { type: 'number', describe: 'closed loop: so many clients that each wait for their answer; the times of the trace do not count' })
        .option('think-ms', { type: 'number', describe: 'with --clients: pause of a client after an answer' })
        .option('limit', { type: 'number', describe: 'send no more than so many requests' })
        .option('timeout-s', { type: 'number', default: 60, describe: 'give a request up after so long' })
        .option('most-open', { type: 'number', default: 10_000, describe: 'requests that may be open at the same time; those beyond are not sent, and counted' })
        .option('header', { ...list, describe: 'a header of each request, as name=value; may be repeated' })
        .option('ca', { type: 'string', describe: "file with the certificate (PEM) of an https server of your own, or of who signed it" })
        .option('token-file', { type: 'string', describe: 'file with the token that the server wants: Authorization: Bearer …' })
        .option('shape', { ...list, describe: 'shape of an input that the server leaves open, as name=1,224,224,3; may be repeated' })
        .option('out', { type: 'string', describe: 'also write requests.csv and replay.json into this folder' }),
      ['format'],
    )
      .example('$0 replay requests.csv --url http://127.0.0.1:8000 --model resnet50', 'open loop: each request leaves when it is due')
      .example('$0 replay requests.csv --url http://127.0.0.1:8000 --app plants=resnet50 --app faces=vgg16 --speed 2 --out out/replay', 'two apps, twice as fast, with a file of all requests')
      .example('$0 replay --process poisson --with rate_rps=20 --duration 60 --url http://127.0.0.1:8000 --model resnet50', 'a generated stream')
      .example('$0 replay requests.csv --url http://127.0.0.1:8000 --model resnet50 --clients 4 --think-ms 0', 'closed loop'),
  handler: async (argv) => {
    const { replaySettings, openRows } = await import('./replay/settings.js');
    const settings = replaySettings(argv);
    const { replayTrace } = await import('../experiment/replay/replay.js');
    const { name, rows } = await openRows(argv, settings.models);
    const { openRequestLog } = await import('../report/replay/request-log.js');
    const { url, pace, seed } = settings;
    const log = argv.out === undefined ? undefined : await openRequestLog(argv.out, { schema: 'corun/replay-requests@1', trace: name, url, ...pace, seed });
    const interrupt = new AbortController();
    const onInterrupt = (): void => {
      process.stderr.write('\ninterrupted: keeping what was recorded\n');
      interrupt.abort();
    };
    process.once('SIGINT', onInterrupt);
    try {
      const isTTY = process.stderr.isTTY === true;
      const result = await replayTrace(rows, {
        ...settings,
        signal: interrupt.signal,
        onRequest: log && ((sent) => log.add(sent)),
        onProgress: tellProgress(isTTY),
      });
      if (isTTY) process.stderr.write('\r\x1b[K');
      const document = { ...result, trace: name };
      if (argv.format === 'json') process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
      else {
        const { replayText } = await import('../report/replay/text.js');
        process.stdout.write(replayText(name, result));
      }
      if (log !== undefined) {
        const { writeFiles } = await import('../report/write.js');
        process.stderr.write(`wrote ${[await log.end(), ...(await writeFiles(argv.out!, [['replay.json', () => `${JSON.stringify(document, undefined, 2)}\n`]]))].join(', ')}\n`);
      }
      if (result.answered === 0) process.exitCode = 1;
    } catch (error) {
      await log?.abandon();
      throw error;
    } finally {
      process.removeListener('SIGINT', onInterrupt);
    }
  },
};

/** A file of progress needs no line each second. */
const FILE_EVERY_MS = 10_000;

/** On a terminal a line that changes; elsewhere one every ten seconds. */
function tellProgress(isTTY: boolean): NonNullable<ReplayOptions['onProgress']> {
  let toldMs = 0;
  return ({ ended, answered, open, nowMs }) => {
    const line = `${(nowMs / 1000).toFixed(0)} s: ${ended} ended, ${answered} of them answered, ${open} open`;
    if (isTTY) process.stderr.write(`\r\x1b[K${line}`);
    else if (nowMs - toldMs >= FILE_EVERY_MS) {
      toldMs = nowMs;
      process.stderr.write(`${line}\n`);
    }
  };
}

export type { Arguments as ReplayArguments };
export default command;
