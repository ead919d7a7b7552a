import type { CommandModule, InferredOptionTypes } from 'yargs';
import type { ModelArguments } from './model-choices.js';
import { type options, withOptions } from './options.js';

export type VerifyArguments = {
  scenario: string;
  profile?: string;
  backend: string;
  alternative: string[];
  runs: number;
  replications: number;
  tolerance: string[];
  noiseCap: number;
  othersLimit?: number;
} & ModelArguments &
  InferredOptionTypes<Pick<typeof options, 'format' | 'set' | 'seed' | 'threads' | 'out'>>;

const list = { type: 'string', array: true, nargs: 1, default: [] as string[] } as const;

const command: CommandModule<object, VerifyArguments> = {
  command: 'verify <scenario>',
  describe: 'run a scenario for real and simulated, and say how far the prediction is off',
  builder: (argv) =>
    withOptions(
      argv
        .positional('scenario', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
        .option('profile', { type: 'string', describe: 'verify this profile, in place of those that the scenario names' })
        .option('backend', { alias: 'b', type: 'string', default: 'wasm', describe: 'what really computes: see corun backends; or fake, which plays the profiles of the scenario' })
        .option('alternative', { ...list, alias: 'a', describe: 'only this alternative; may be repeated' })
        .option('runs', { type: 'number', default: 5, describe: 'real runs of each alternative, in an interleaved order' })
        .option('replications', { type: 'number', default: 20, describe: 'simulated runs of each alternative' })
        .option('tolerance', { ...list, describe: 'METRIC=PERCENT that a prediction may be off, or METRIC=none; may be repeated. By default throughput_rps=3, latency_p50_ms=5, latency_p95_ms=10, epoch_s=5' })
        .option('noise-cap', { type: 'number', default: 10, describe: 'spread of the real runs, in percent, above which nothing is concluded' })
        .option('others-limit', { type: 'number', describe: 'run again, up to twice, where other programs took more than this percentage of the processors, and wait for them first' })
        .option('source', { ...list, describe: 'MODEL=PLACE: where a model of your own lies, a model.json or a SavedModel folder' })
        .option('input-size', { type: 'number', describe: 'height and width of the images in pixels; for models of the zoo that of their authors if left out' })
        .option('classes', { type: 'number', describe: 'classes of models of the zoo; 1000 if left out' }),
      ['format', 'set', 'seed', 'threads'],
    )
      .option('out', { type: 'string', describe: 'also write summary.json, requests.csv and report.html into this folder' })
      .example('$0 verify scenario.yaml --profile my-cpu.json -b wasm --out out/verify', 'five real runs of each alternative, with a page to look at')
      .example('$0 verify scenario.yaml -b wasm --tolerance latency_p95_ms=15 --tolerance epoch_s=none', 'other tolerances') as never,
  handler: async (argv) => (await import('./run-verify.js')).runVerify(argv),
};

export default command;
