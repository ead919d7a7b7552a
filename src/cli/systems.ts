import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from './options.js';

type Arguments = { system?: string } & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'systems [system]',
  describe: 'published systems: what each decides, what is from its paper, what is reconstructed',
  builder: (argv) =>
    withOptions(argv.positional('system', { type: 'string', describe: 'only this one, with everything that is known of it' }), ['format'])
      .example('$0 systems', 'one line for each')
      .example('$0 systems corun', 'what is from the paper, and what is not')
      .example('$0 systems --format json', 'for a script'),
  handler: async ({ system, format }) => {
    const { systemsAsked } = await import('../policy/ask-systems.js');
    const { systemsText } = await import('../report/systems.js');
    const asked = systemsAsked(system);
    process.stdout.write(format === 'json' ? `${JSON.stringify(asked, undefined, 2)}\n` : systemsText(asked, system !== undefined));
  },
};

export default command;
