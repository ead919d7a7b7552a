import { basename, dirname } from 'node:path';
import type { CommandModule, InferredOptionTypes } from 'yargs';
import { InputError } from '../../input/error.js';
import { type options, withOptions } from '../options.js';
import { withSource, type SourceArguments } from './source.js';

type Arguments = { file?: string; windowS: number; model: 'gamma' | 'mmpp'; binS?: number; out?: string } & SourceArguments & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'fit <file>',
  describe: 'fit a generator to a trace: Gamma gaps window by window, or a two-state MMPP',
  builder: (argv) =>
    withOptions(
      withSource(argv.positional('file', { type: 'string', demandOption: true, describe: 'the trace' }))
        .option('model', { choices: ['gamma', 'mmpp'] as const, default: 'gamma' as const, describe: 'gamma: rate and burstiness of each window; mmpp: calm and bursts, the same all the time or, with --bin-s, window by window' })
        .option('window-s', { type: 'number', default: 10, describe: 'gamma: length of a window; mmpp: width of the bins that are counted' })
        .option('bin-s', { type: 'number', describe: 'mmpp: fit each window of --window-s by itself, from counts in bins of this width' })
        .option('out', { type: 'string', describe: 'the file to write, for arrivals: { process: fitted, file: … } (fitted-mmpp with --bin-s); without it, stdout' }),
      ['format'],
    )
      .example('$0 trace fit code.csv --from azure-llm --out code-fitted.json', 'then: arrivals: { process: fitted, file: code-fitted.json }')
      .example('$0 trace fit code.csv --from azure-llm --model mmpp --window-s 1', 'prints arrivals for a scenario')
      .example('$0 trace fit code.csv --from azure-llm --model mmpp --window-s 300 --bin-s 1 --out code-mmpp.json', 'then: arrivals: { process: fitted-mmpp, file: code-mmpp.json }') as never,
  handler: async (argv) => {
    if (!(argv.windowS > 0)) throw new InputError(`--window-s ${argv.windowS}: a number of seconds above 0 is needed`);
    if (argv.binS !== undefined && argv.model !== 'mmpp') throw new InputError('--bin-s is for --model mmpp');
    if (argv.binS !== undefined && !(argv.binS > 0)) throw new InputError(`--bin-s ${argv.binS}: a number of seconds above 0 is needed`);
    const { openSource } = await import('./source.js');
    const { fitGamma, fitMmpp } = await import('../../trace/fit.js');
    const { fitMmppWindows } = await import('../../trace/fit-windows.js');
    const { arrivals } = await openSource(argv.file, argv);
    const fitted =
      argv.model === 'gamma' ? await fitGamma(arrivals, argv.windowS) : argv.binS === undefined ? await fitMmpp(arrivals, argv.windowS) : await fitMmppWindows(arrivals, argv.windowS, argv.binS);
    const text = `${JSON.stringify(fitted, undefined, 2)}\n`;
    if (argv.out === undefined) process.stdout.write(text);
    else {
      const { writeFiles } = await import('../../report/write.js');
      await writeFiles(dirname(argv.out), [[basename(argv.out), () => text]]);
      process.stdout.write(`${argv.out}: ${'windows' in fitted ? `${fitted.windows.length} ${fitted.windows.length === 1 ? 'window' : 'windows'} of ${argv.windowS} s` : `${fitted.states.length} states`}\n`);
    }
  },
};

export default command;
