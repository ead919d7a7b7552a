import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from './options.js';

type Arguments = { log: string } & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'check-log <log>',
  describe: 'replay the event log of a server through the same policies, and say whether they command the same',
  builder: (argv) => withOptions(argv.positional('log', { type: 'string', demandOption: true, describe: 'file of corun serve --event-log' }), ['format']).example('$0 check-log events.log', 'exit code 1 if anything differs'),
  handler: async ({ log, format }) => {
    const { checkLog } = await import('../experiment/serving/check-log.js');
    const checked = await checkLog(log);
    const { happenings, commands, divergedAt } = checked;
    if (format === 'json') process.stdout.write(`${JSON.stringify({ schema: 'corun/checked-log@1', happenings, commands, ...(divergedAt !== undefined && { diverged_at: divergedAt }) }, undefined, 2)}\n`);
    else if (divergedAt === undefined) process.stdout.write(`${log}: ${happenings} happenings, ${commands} commands: identical\n`);
    else process.stdout.write(`${log}: the commands differ after happening ${divergedAt} of ${happenings}. Are policies and version the same as when it was written?\n`);
    if (divergedAt !== undefined) process.exitCode = 1;
  },
};

export default command;
