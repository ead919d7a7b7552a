import type { CommandModule } from 'yargs';
import list from './setup/list.js';
import tensorflow from './setup/tensorflow.js';

/** Commands that build what is too large or too particular to this machine to be installed with corun. */
const command: CommandModule = {
  command: 'setup <command>',
  describe: 'build native TensorFlow for this machine, and list what was built',
  builder: (argv) =>
    argv
      .command(tensorflow)
      .command(list)
      .demandCommand(1, 'setup needs a command: tensorflow or list')
      .strict()
      .example('$0 setup tensorflow', 'TensorFlow for the CPU, into ~/.local/share/corun')
      .example('$0 setup tensorflow --gpu', "with NVIDIA's CUDA libraries, for Linux")
      .example('$0 setup list', 'what is set up, and where'),
  handler: () => {},
};

export default command;
