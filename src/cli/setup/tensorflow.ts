import type { CommandModule, InferredOptionTypes } from 'yargs';
import { type options, withOptions } from '../options.js';
import { dirOption, homeOf, surroundings } from './surroundings.js';

type Arguments = { gpu: boolean; version?: string; dir?: string; python: string; force: boolean; keepWheels: boolean; verbose: boolean } & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'tensorflow',
  describe: "build @tensorflow/tfjs-node against a current TensorFlow, taken from its Python wheel",
  builder: (argv) =>
    withOptions(
      argv
        .version(false)
        .option('gpu', { type: 'boolean', default: false, describe: "with CUDA, from NVIDIA's wheels (Linux)" })
        .option('version', { type: 'string', describe: 'version of TensorFlow; the default is the newest that was tried' })
        .option('dir', dirOption)
        .option('python', { type: 'string', default: process.env.PYTHON ?? 'python3', describe: 'a Python that has pip; of any version, since only libraries are taken from wheels' })
        .option('force', { type: 'boolean', default: false, describe: 'begin anew, whatever is there' })
        .option('keep-wheels', { type: 'boolean', default: false, describe: 'keep the downloaded wheels' })
        .option('verbose', { type: 'boolean', default: false, describe: 'show what pip, npm and the compiler say' }),
      ['format'],
    )
      .example('$0 setup tensorflow', 'for the CPU')
      .example('$0 setup tensorflow --gpu --dir /data/corun', 'for the GPU, elsewhere; then: export CORUN_HOME=/data/corun') as never,
  handler: async (argv) => {
    const { setupTensorflow } = await import('../../executor/tensorflow/setup.js');
    const { runCommand } = await import('../../executor/tensorflow/command.js');
    const { thisMachine } = await import('../../executor/tensorflow/machine.js');
    const { corunHome, tfjsNodeDirectory } = await import('../../executor/tensorflow/home.js');
    const { activityLine } = await import('./activity.js');
    const home = homeOf(argv.dir);
    const activity = activityLine(process.stderr);
    const record = await setupTensorflow({
      home,
      gpu: argv.gpu,
      version: argv.version,
      python: argv.python,
      force: argv.force,
      keepWheels: argv.keepWheels,
      machine: thisMachine(),
      env: process.env,
      run: runCommand,
      tell: activity.tell,
      onOutput: argv.verbose ? (text) => void process.stderr.write(text) : activity.onOutput,
    }).finally(activity.clear);
    const directory = tfjsNodeDirectory(home, argv.gpu);
    if (argv.format === 'json') process.stdout.write(`${JSON.stringify({ directory, ...record }, undefined, 2)}\n`);
    else process.stdout.write(`TensorFlow ${record.tensorflow} for ${argv.gpu ? 'GPU' : 'CPU'} is set up: ${directory}\n`);
    if (home !== corunHome(surroundings())) process.stderr.write(`Set CORUN_HOME so that other commands find it: export CORUN_HOME="${home}"\n`);
  },
};

export default command;
