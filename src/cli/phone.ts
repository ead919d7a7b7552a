import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from './options.js';

export type PhoneArguments = {
  scenario: string;
  alternative?: string;
  phone?: string;
  edge: string[];
  backend: string;
  source: string[];
  inputSize?: number;
  classes?: number;
  replication: number;
  tokenFile?: string;
  eventLog?: string;
  out?: string;
} & InferredOptionTypes<Pick<typeof options, 'set' | 'format'>>;

const list = { type: 'string', array: true, nargs: 1, default: [] as string[] } as const;

const command: CommandModule<object, PhoneArguments> = {
  command: 'phone <scenario>',
  describe: 'be a client of a scenario for real: decide for each request where it goes, send it there, and say who answered',
  builder: (argv) =>
    withOptions(
      argv
        .positional('scenario', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
        .option('alternative', { alias: 'a', type: 'string', describe: 'which alternative; the first if left out' })
        .option('phone', { type: 'string', describe: 'site of the scenario that this client is, with the models on it; by default the one that is a device or has no --edge' })
        .option('edge', { ...list, describe: 'SITE=URL: where the server of another site is (corun serve SCENARIO --site SITE); may be repeated' })
        .option('backend', { alias: 'b', type: 'string', default: 'wasm', describe: 'what computes here: see corun backends; or fake, which only takes the times of the profile' })
        .option('source', { ...list, describe: 'MODEL=PLACE: where a model of your own lies' })
        .option('input-size', { type: 'number', describe: 'height and width of the images in pixels, as at the servers' })
        .option('classes', { type: 'number', describe: 'classes of models of the zoo; 1000 if left out' })
        .option('replication', { type: 'number', default: 0, describe: 'of which replication of the simulation the requests are; another number for each of several clients' })
        .option('token-file', { type: 'string', describe: 'file with the token that the servers want' })
        .option('event-log', { type: 'string', describe: 'file for all that the policies were told, and a checksum of what they decided' })
        .option('out', { type: 'string', describe: 'also write requests.csv and phone.json into this folder' }),
      ['set', 'format'],
    )
      .example('$0 phone scenarios/systems/modi-for-real.yaml --edge edge=http://127.0.0.1:8000 -b fake', 'a phone whose requests go to an edge, or stay'),
  handler: async (argv) => {
    const { runPhone } = await import('./run-phone.js');
    process.exit(await runPhone(argv));
  },
};

export default command;
