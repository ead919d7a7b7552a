import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from '../options.js';
import { withSource, type SourceArguments } from './source.js';

type Arguments = { file?: string; out?: string } & SourceArguments & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'describe [file]',
  describe: 'rates, burstiness, correlation and shape of a trace, or of what a process generates',
  builder: (argv) =>
    withOptions(withSource(argv.positional('file', { type: 'string', describe: 'the trace' })).option('out', { type: 'string', describe: 'also write description.json and a page with drawings, trace.html, into this folder' }), ['format'])
      .example('$0 trace describe requests.csv.gz', 'the own format')
      .example('$0 trace describe requests.csv --out out/requests', 'with a page to look at')
      .example('$0 trace describe code.csv --from azure-llm --with window="{ to_s: 600 }"', 'the first ten minutes of another format')
      .example('$0 trace describe --process gamma --with rate_rps=10 --with cv=3 --duration 600', 'what a generator gives'),
  handler: async (argv) => {
    const { countingProgress, openSource } = await import('./source.js');
    const { describe } = await import('../../trace/describe.js');
    const { descriptionText } = await import('../../report/trace/text.js');
    const { name, arrivals } = await openSource(argv.file, argv);
    const description = await describe(arrivals, countingProgress());
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    if (argv.out !== undefined) {
      const { writeDescription } = await import('../../report/trace/write.js');
      process.stderr.write(`wrote ${(await writeDescription(argv.out, name, description)).join(', ')}\n`);
    }
    process.stdout.write(argv.format === 'json' ? `${JSON.stringify(description, undefined, 2)}\n` : descriptionText(name, description));
  },
};

export default command;
