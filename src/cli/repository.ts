import type { CommandModule } from 'yargs';
import list from './repository/list.js';
import publish from './repository/publish.js';
import serve from './repository/serve.js';

/** Commands about a central repository of models, from which servers pull. */
const command: CommandModule = {
  command: 'repository <command>',
  describe: 'publish versions of models, and serve them to the edges that pull them',
  builder: (argv) =>
    argv
      .command(publish)
      .command(serve)
      .command(list)
      .demandCommand(1, 'repository needs a command: publish, serve or list')
      .strict()
      .example('$0 repository publish resnet50 deployed.bin --into models', 'a file of weights becomes the newest version of resnet50')
      .example('$0 repository serve models --port 8100', 'edges pull from http://127.0.0.1:8100')
      .example('$0 serve scenario.yaml --repository http://127.0.0.1:8100 --storage edge', 'an edge'),
  handler: () => {},
};

export default command;
