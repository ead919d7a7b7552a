import type { CommandModule, InferredOptionTypes } from 'yargs';
import type { Labelled } from '../../trace/merge.js';
import type { TraceRow } from '../../trace/write.js';
import { InputError } from '../../input/error.js';
import { type options, withOptions } from '../options.js';
import { withSource, type SourceArguments } from './source.js';

type Arguments = { files?: string[]; out?: string; app?: string[]; sloMs?: number } & SourceArguments & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'convert [files..]',
  describe: 'write traces of any format, or what a process generates, as one corun-csv file',
  builder: (argv) =>
    withOptions(
      withSource(argv.positional('files', { type: 'string', array: true, describe: 'one trace, or several that are merged by time' }))
        .option('app', { type: 'string', array: true, nargs: 1, describe: 'the app of the requests; once, or once for each file' })
        .option('slo-ms', { type: 'number', describe: 'SLO of requests that bring none, in ms' })
        .option('out', { type: 'string', demandOption: true, describe: 'the file to write; packed if its name ends in .gz' }),
      ['format'],
    )
      .example('$0 trace convert code.csv --from azure-llm --with scale_rate=0.5 --out code-half.csv', 'half the rate, the same shape')
      .example('$0 trace convert a.csv b.csv --app plants --app faces --out both.csv.gz', 'two traces in one file')
      .example('$0 trace convert --process poisson --with rate_rps=20 --duration 60 --out poisson.csv', 'a generated trace'),
  handler: async (argv) => {
    const { countingProgress, openSource } = await import('./source.js');
    const { merged } = await import('../../trace/merge.js');
    const { writeTrace } = await import('../../trace/write.js');
    const files = argv.files === undefined || argv.files.length === 0 ? [undefined] : argv.files;
    const apps = argv.app ?? [];
    if (apps.length > 1 && apps.length !== files.length) throw new InputError(`--app was given ${apps.length} times for ${files.length} files; give it once, or once for each file`);
    if (argv.sloMs !== undefined && !(argv.sloMs > 0)) throw new InputError(`--slo-ms ${argv.sloMs}: a number of ms above 0 is needed`);
    const streams: Labelled[] = [];
    for (const [i, file] of files.entries()) streams.push({ arrivals: (await openSource(file, argv)).arrivals, app: apps[apps.length > 1 ? i : 0], sloMs: argv.sloMs });
    const hasSlo = argv.sloMs !== undefined || streams.some(({ arrivals }) => arrivals.hasSlo);
    const progress = countingProgress();
    let lastMs = 0;
    async function* counted(): AsyncGenerator<TraceRow> {
      let count = 0;
      for await (const row of merged(streams)) {
        lastMs = row.timeMs;
        if (++count % 1_000_000 === 0) progress(count);
        yield row;
      }
    }
    const requests = await writeTrace(argv.out!, counted(), { columns: ['time_ms', ...(apps.length > 0 ? (['app'] as const) : []), ...(hasSlo ? (['slo_ms'] as const) : [])] });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    if (argv.format === 'json') process.stdout.write(`${JSON.stringify({ out: argv.out, requests, duration_s: lastMs / 1000 })}\n`);
    else process.stdout.write(`${argv.out}: ${requests.toLocaleString('en')} requests in ${Number((lastMs / 1000).toPrecision(6))} s\n`);
  },
};

export default command;
