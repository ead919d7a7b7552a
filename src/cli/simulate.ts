import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from './options.js';

type Arguments = { scenario: string; alternative?: string } & InferredOptionTypes<typeof options>;

const command: CommandModule<object, Arguments> = {
  command: 'simulate <scenario>',
  describe: 'run one alternative of a scenario and print its metrics',
  builder: (argv) =>
    withOptions(
      argv
        .positional('scenario', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
        .option('alternative', { alias: 'a', type: 'string', describe: 'which alternative; the first if left out' }),
      ['format', 'set', 'seed', 'threads', 'out', 'requests'],
    ).example('$0 simulate scenarios/quickstart.yaml -a corun --set duration_s=60', 'one alternative, with a field changed'),
  handler: async (argv) => {
    const { runComparison } = await import('./run-comparison.js');
    await runComparison({ ...argv, only: argv.alternative ?? 0 });
  },
};

export default command;
