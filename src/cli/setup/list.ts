import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from '../options.js';
import { dirOption, homeOf } from './surroundings.js';

type Arguments = { dir?: string } & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'list',
  describe: 'what is set up, and what is only begun',
  builder: (argv) => withOptions(argv.option('dir', dirOption), ['format']).example('$0 setup list --format json', 'for a script'),
  handler: async ({ dir, format }) => {
    const { listSetups } = await import('../../executor/tensorflow/list.js');
    const home = homeOf(dir);
    const setups = await listSetups(home);
    if (format === 'json') process.stdout.write(`${JSON.stringify({ home, setups }, undefined, 2)}\n`);
    else if (setups.length === 0) process.stdout.write(`nothing is set up in ${home}; try: corun setup tensorflow\n`);
    else for (const { name, state, tensorflow, directory } of setups) process.stdout.write(`${name.padEnd(16)} ${tensorflow.padEnd(8)} ${state.padEnd(28)} ${directory}\n`);
  },
};

export default command;
