import { basename, dirname, extname } from 'node:path';
import type { CommandModule, InferredOptionTypes } from 'yargs';
import { InputError } from '../input/error.js';
import { type options, withOptions } from './options.js';

type Arguments = { observations: string; test?: string; capacityMib?: number; blockMs?: number; profile?: string; out?: string } & InferredOptionTypes<Pick<typeof options, 'format'>>;

const REFRESH_MS = 100;

const command: CommandModule<object, Arguments> = {
  command: 'fit <observations>',
  describe: 'fit contention models to measurements, and say how wrong they are',
  builder: (argv) =>
    withOptions(
      argv
        .positional('observations', { type: 'string', demandOption: true, describe: 'observations file (CSV, plain or gzip)' })
        .option('test', { type: 'string', describe: 'observations that the fit must not see: its predictions are scored on them' })
        .option('capacity-mib', { type: 'number', describe: 'memory of the accelerator, to tell how many processes fit' })
        .option('block-ms', { type: 'number', describe: 'fit to means of blocks of rows about so long, where processes take turns in slices longer than a row; corun calibrate takes 100' })
        .option('profile', { type: 'string', describe: 'also write a profile (JSON) with what was fitted, for scenarios' })
        .option('out', { type: 'string', describe: 'also write fit.json and a page, fit.html, into this folder' }),
      ['format'],
    )
      .example('$0 fit observations.csv --test held-out.csv --capacity-mib 16280', 'fits one file and scores it on another')
      .example('$0 fit observations.csv --profile my-gpu.json --out out/fit', 'with a profile for scenarios and a page to look at'),
  handler: async (argv) => {
    if (argv.capacityMib !== undefined && !(argv.capacityMib > 0)) throw new InputError(`--capacity-mib ${argv.capacityMib}: a number of MiB above 0 is needed`);
    if (argv.blockMs !== undefined && !(argv.blockMs > 0)) throw new InputError(`--block-ms ${argv.blockMs}: a number of ms above 0 is needed`);
    const { runFit } = await import('../calibration/run-fit.js');
    const { makeDirectory, writeFiles } = await import('../report/write.js');
    if (argv.out !== undefined) await makeDirectory(argv.out);
    if (argv.profile !== undefined) await makeDirectory(dirname(argv.profile), '--profile');
    let shownMs = 0;
    const { result, page, profile } = await runFit(argv.observations, {
      test: argv.test,
      capacityMiB: argv.capacityMib,
      blockMs: argv.blockMs,
      profileName: argv.profile === undefined ? undefined : basename(argv.profile, extname(argv.profile)),
      onProgress: (text) => {
        if (!process.stderr.isTTY || performance.now() - shownMs < REFRESH_MS) return;
        shownMs = performance.now();
        process.stderr.write(`\r\x1b[K${text}`);
      },
    });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    if (argv.profile !== undefined) {
      const [path] = await writeFiles(dirname(argv.profile), [[basename(argv.profile), () => `${JSON.stringify(profile, undefined, 2)}\n`]], '--profile');
      process.stderr.write(`wrote ${path}\n`);
    }
    if (argv.out !== undefined) {
      const { writeFit } = await import('../report/fit/write.js');
      process.stderr.write(`wrote ${(await writeFit(argv.out, result, page)).join(', ')}\n`);
    }
    if (argv.format === 'json') process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    else {
      const { fitText } = await import('../report/fit/text.js');
      process.stdout.write(fitText(page, Math.min(120, process.stdout.columns ?? 100)));
    }
  },
};

export default command;
