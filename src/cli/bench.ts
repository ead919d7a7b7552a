import { InputError } from '../input/error.js';
import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from './options.js';

type Arguments = { seconds: number } & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'bench',
  describe: 'measure how fast this machine simulates',
  builder: (argv) =>
    withOptions(argv.option('seconds', { type: 'number', default: 2, describe: 'time for each figure' }), ['format']).example(
      '$0 bench --format json',
      'figures for a script',
    ),
  handler: async ({ seconds, format }) => {
    if (!(seconds > 0)) throw new InputError(`--seconds ${seconds}: a number above 0 is needed`);
    const { bench } = await import('../experiment/bench.js');
    const figures = await bench(seconds, (name) => process.stderr.write(`measuring ${name} …\n`));
    if (format === 'json') process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
    else for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(32)} ${value < 1 ? value.toFixed(2) : Math.round(value).toLocaleString('en')}\n`);
  },
};

export default command;
