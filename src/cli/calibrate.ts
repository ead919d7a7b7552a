import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { InputError } from '../input/error.js';
import { type options, withOptions } from './options.js';

const own = {
  backend: { alias: 'b', type: 'string', default: 'wasm', describe: 'what computes: see corun backends; or fake, with --program' },
  models: { alias: 'm', type: 'string', array: true, default: [] as string[], describe: 'models that answer: names of the zoo, or paths of a model.json' },
  training: { type: 'string', array: true, default: [] as string[], describe: 'models that are retrained beside them' },
  'training-data': { type: 'string', describe: 'folder with a folder of images per class that retraining learns from; drawn images if left out' },
  'training-images': { type: 'number', describe: 'how many images are drawn: an epoch; 1000 if left out' },
  preset: { choices: ['quick', 'standard', 'paper'] as const, default: 'quick' as const, describe: 'quick: within 5 minutes; standard: all, three times; paper: all subsets of the models' },
  out: { type: 'string', describe: 'folder for journal, observations and profile; the same folder again goes on' },
  plan: { type: 'boolean', default: false, describe: 'only say what would be measured, and how long it takes' },
  program: { type: 'string', describe: 'with --backend fake: file that says what the fake accelerator does' },
  'input-size': { type: 'number', describe: 'height and width of the images in pixels; for models of the zoo that of their authors if left out' },
  classes: { type: 'number', describe: 'classes of models of the zoo; 1000 if left out' },
  'max-jobs': { type: 'number', describe: 'most inference jobs at once' },
  batches: { type: 'number', array: true, describe: 'batch sizes that are timed alone' },
  'training-batches': { type: 'number', array: true, describe: 'batch sizes of retraining' },
  phases: { choices: ['train', 'evaluate'] as const, array: true, describe: 'what retraining does beside inference: train, and evaluate held-out images; both if left out, with paper train' },
  load: { type: 'number', array: true, describe: 'open loops at these percents of capacity' },
  repeats: { type: 'number', describe: 'how often each cell is measured' },
  'cell-s': { type: 'number', describe: 'longest time of measuring in a cell, s; the shortest goes with it' },
  precision: { type: 'number', describe: 'relative half width of the interval of each median at which a cell is done' },
  'budget-s': { type: 'number', describe: 'cells that would end later than this are left out' },
  'noise-limit': { type: 'number', describe: 'spread of the same work alone up to which a machine is quiet; 0.03 if left out' },
  'others-limit': { type: 'number', describe: 'measure a cell again, up to twice, where other programs took more than this percentage of the processors, and wait for them first' },
  'accept-noise': { type: 'boolean', default: false, describe: 'write a profile of a noisy machine too, labelled' },
  seed: { type: 'string', default: '1', describe: 'of the order of the cells, and of the arrivals' },
} as const satisfies Record<string, Options>;

type Dashed = InferredOptionTypes<typeof own> & InferredOptionTypes<Pick<typeof options, 'format'>>;
/** As yargs names them for programs. */
type Camel<Name> = Name extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;
export type CalibrateArguments = { [Name in keyof Dashed as Camel<Name>]: Dashed[Name] };

const command: CommandModule<object, Dashed> = {
  command: 'calibrate',
  describe: 'measure this machine, and make a profile of it',
  builder: (argv) =>
    withOptions(argv.options(own), ['format'])
      .example('$0 calibrate --backend wasm --models mobilenet_v3_small squeezenet1_0 --out out/calibration', 'two models within five minutes')
      .example('$0 calibrate -b tfjs-node-gpu -m resnet50 vgg16 --training resnet50 --preset standard --plan', 'how long would it take?'),
  handler: async (parsed) => {
    const argv = parsed as unknown as CalibrateArguments;
    if (argv.out === undefined && !argv.plan) throw new InputError('--out is missing: the folder for what is measured, for example --out out/calibration; or --plan, to see what would be');
    const { runCalibrate } = await import('./run-calibrate.js');
    process.exitCode = await runCalibrate(argv);
  },
};

export default command;
