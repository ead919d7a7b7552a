import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from './options.js';

type Arguments = { scenario: string } & InferredOptionTypes<typeof options>;

const command: CommandModule<object, Arguments> = {
  command: 'compare <scenario>',
  describe: 'run all alternatives of a scenario and say which is better, with intervals',
  builder: (argv) =>
    withOptions(argv.positional('scenario', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' }), [
      'format',
      'set',
      'seed',
      'threads',
      'out',
      'requests',
    ]).example('$0 compare scenarios/quickstart.yaml --out out/quickstart', 'the quickstart, with a report to look at'),
  handler: async (argv) => (await import('./run-comparison.js')).runComparison(argv),
};

export default command;
