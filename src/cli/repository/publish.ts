import type { CommandModule, InferredOptionTypes } from 'yargs';
import { InputError } from '../../input/error.js';
import { type options, withOptions } from '../options.js';

type Arguments = { model?: string; file?: string; into: string; accuracy?: number } & InferredOptionTypes<Pick<typeof options, 'format'>>;

const command: CommandModule<object, Arguments> = {
  command: 'publish <model> <file>',
  describe: 'make a file of weights the newest version of a model',
  builder: (argv) =>
    withOptions(
      argv
        .positional('model', { type: 'string', describe: 'the model, as scenarios and profiles call it' })
        .positional('file', { type: 'string', describe: 'its weights: deployed.bin of a folder that corun serve --state keeps, or the model.json of a layers model' })
        .option('into', { type: 'string', demandOption: true, describe: 'folder of the repository; it is made if need be' })
        .option('accuracy', { type: 'number', describe: 'share of its answers that are right, as a fraction; without it that of the version before, or the profile, counts' }),
      ['format'],
    )
      .example('$0 repository publish resnet50 state/resnet50/deployed.bin --into models --accuracy 0.93', 'what a server has learnt, for all edges')
      .example('$0 repository publish plants my-model/model.json --into models', 'the weights of a model of your own')
      .example('$0 repository publish resnet50 a.bin --into models --format json', 'for a script'),
  handler: async ({ model, file, into, accuracy, format }) => {
    for (const [name, value] of Object.entries({ into, accuracy })) if (Array.isArray(value)) throw new InputError(`--${name} was given more than once; give it once`);
    if (into === '') throw new InputError('--into needs the name of a folder');
    const { RepositoryStore } = await import('../../executor/repository/store.js');
    const publish = (weights: string) => new RepositoryStore(into).publish(model!, weights, accuracy);
    const { version, entry, isNew } = /\.json$/i.test(file!) ? await (await import('../../executor/repository/weights-of-model.js')).withWeightsOf(file!, publish) : await publish(file!);
    if (format === 'json') process.stdout.write(`${JSON.stringify({ model, version, ...entry, new: isNew })}\n`);
    else process.stdout.write(isNew ? `${model} version ${version}: ${entry.bytes.toLocaleString('en')} bytes, SHA-256 ${entry.sha256}\n` : `${model} version ${version} is this file already; nothing was changed\n`);
  },
};

export default command;
