import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from './options.js';

export type ServeArguments = {
  scenario?: string;
  alternative?: string;
  site?: string;
  backend: string;
  model: string[];
  source: string[];
  policy: string;
  profile?: string;
  inputSize?: number;
  classes?: number;
  port: number;
  host: string;
  tokenFile?: string;
  state?: string;
  repository?: string;
  repositoryTokenFile?: string;
  storage?: string;
  pollS?: number;
  record?: string;
  tlsCert?: string;
  tlsKey?: string;
  logFormat?: 'text' | 'json';
  logLevel?: 'debug' | 'info' | 'warn' | 'error';
  devices?: string;
  mpsShare?: number;
  eventLog?: string;
  replayLog?: string;
} & InferredOptionTypes<Pick<typeof options, 'set'>>;

const command: CommandModule<object, ServeArguments> = {
  command: 'serve [scenario]',
  describe: 'answer images over HTTP, with the policies of a scenario on a real accelerator',
  builder: (argv) =>
    withOptions(
      argv
        .positional('scenario', { type: 'string', describe: 'scenario file (YAML); or leave it out and say --model' })
        .option('alternative', { alias: 'a', type: 'string', describe: 'which alternative; the first if left out' })
        .option('site', { type: 'string', describe: 'which site of the scenario this machine is, where it has several; clients are run with corun phone' })
        .option('backend', { alias: 'b', type: 'string', default: 'wasm', describe: 'what computes: see corun backends; or fake, which only takes the times of the profile' })
        .option('model', { alias: 'm', type: 'string', array: true, nargs: 1, default: [] as string[], describe: 'without a scenario: a model, or NAME=N for N worker processes; may be repeated' })
        .option('source', { type: 'string', array: true, nargs: 1, default: [] as string[], describe: 'MODEL=PLACE: where a model of your own lies, a model.json or a SavedModel folder' })
        .option('policy', { type: 'string', default: 'fcfs', describe: 'with --model: the dispatch policy' })
        .option('profile', { type: 'string', describe: 'with --model: a measured profile; without it each model is timed when the server starts' })
        .option('input-size', { type: 'number', describe: 'height and width of the images in pixels; for models of the zoo that of their authors if left out' })
        .option('classes', { type: 'number', describe: 'classes of models of the zoo; 1000 if left out' })
        .option('port', { alias: 'p', type: 'number', default: 8000, describe: 'port; 0 for a free one' })
        .option('host', { type: 'string', default: '127.0.0.1', describe: 'address to listen on; others than this machine need 0.0.0.0, and should need a token' })
        .option('state', { type: 'string', describe: 'folder that keeps what retraining learns: checkpoints, and the weights to serve with; without it they are lost with the server' })
        .option('repository', { type: 'string', describe: 'address of the repository from which models are pulled, as corun repository serve says it' })
        .option('storage', { type: 'string', describe: 'with --repository: folder that keeps what was pulled' })
        .option('repository-token-file', { type: 'string', describe: 'file with the token that the repository wants' })
        .option('poll-s', { type: 'number', describe: 'with --repository: how often it is asked what is new; 5 if left out' })
        .option('token-file', { type: 'string', describe: 'file with a token that clients must send: Authorization: Bearer …' })
        .option('record', { type: 'string', describe: 'file for a trace of the requests (corun-csv; .gz compresses), to simulate with' })
        .option('tls-cert', { type: 'string', describe: 'certificate (PEM), to serve https with; needs --tls-key' })
        .option('tls-key', { type: 'string', describe: 'its private key (PEM)' })
        .option('log-format', { choices: ['text', 'json'] as const, default: 'text' as const, describe: 'what is said on stderr: sentences, or a line of JSON for each event' })
        .option('log-level', { choices: ['debug', 'info', 'warn', 'error'] as const, default: 'info' as const, describe: 'the least that is said; debug tells every request' })
        .option('devices', { type: 'string', describe: 'CUDA numbers of the accelerators in the order of the scenario, for example 0,1' })
        .option('mps-share', { type: 'number', describe: 'with CUDA MPS: percent of its accelerator that each worker process may use' })
        .option('event-log', { type: 'string', describe: 'file for all that the policies were told, and a checksum of what they decided' })
        .option('replay-log', { type: 'string', describe: 'serve nothing: tell an event log to fresh policies; exit code 1 if they decide otherwise' }),
      ['set'],
    )
      .example('$0 serve --backend wasm --model mobilenet_v3_small=2 --port 8000', 'one model with two worker processes')
      .example('$0 serve scenarios/quickstart.yaml -a corun --backend fake', 'the policy of a scenario, on a fake accelerator')
      .example('$0 serve scenarios/serve-and-retrain.yaml -b wasm --state state', 'serves and retrains, and goes on where it was after a restart')
      .example('$0 serve scenarios/systems/modi-edge.yaml --repository http://127.0.0.1:8100 --storage edge', 'models from a repository, updated while they serve')
      .example('$0 serve --replay-log events.log', 'whether the policies would decide the same again'),
  handler: async (argv) => {
    if (argv.replayLog !== undefined) {
      const { runReplayLog } = await import('./run-replay-log.js');
      const { refuseBesideReplayLog } = await import('./serve/files.js');
      refuseBesideReplayLog(argv);
      process.exitCode = await runReplayLog(argv.replayLog, argv);
      return;
    }
    const { runServe } = await import('./run-serve.js');
    process.exit(await runServe(argv));
  },
};

export default command;
