import type { CommandModule } from 'yargs';
import convert from './trace/convert.js';
import describe from './trace/describe.js';
import fit from './trace/fit.js';

/** Commands about streams of requests. */
const command: CommandModule = {
  command: 'trace <command>',
  describe: 'describe and convert streams of requests, write what a process generates, fit a process to a trace',
  builder: (argv) =>
    argv
      .command(describe)
      .command(convert)
      .command(fit)
      .demandCommand(1, 'trace needs a command: describe, convert or fit')
      .strict()
      .example('$0 trace describe requests.csv', 'rates, burstiness and shape of a trace')
      .example('$0 trace convert AzureLLMInferenceTrace_code.csv --from azure-llm --out code.csv', 'a trace of another format as corun-csv'),
  handler: () => {},
};

export default command;
