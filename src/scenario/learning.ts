import { Type, type Static } from '@sinclair/typebox';
import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import type { Path } from '../input/path.js';
import type { drifts } from '../learning/drifts.js';
import { driftChoice } from './choices.js';
import { ConfigurationSchema, type Configured } from './learning-curve.js';
import type { ScenarioFile } from './schema.js';

const fraction = (fallback: number, description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: 1, default: fallback, description }));

export const LearningSchema = Type.Object(
  {
    drift: driftChoice,
    curve: Type.Optional(Type.String({ minLength: 1, description: 'file of fitted learning curves, relative to the scenario: ceiling, half_gap_epochs, length of an epoch, and start_s where that is 0', examples: ['../calibration/learning/ekya-resnet.json'] })),
    configuration: Type.Optional(ConfigurationSchema),
    configurations: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, description: 'for reports' }),
            configuration: Type.Optional(ConfigurationSchema),
            ceiling: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'as that of the job' })),
            half_gap_epochs: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'as that of the job' })),
            epoch_factor: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'length of an epoch over epoch_s of the profile' })),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, description: 'further ways of training, of which a policy may choose one at each start: with ceiling, half_gap_epochs and epoch_factor, or with a configuration for the curve' },
      ),
    ),
    initial_accuracy: fraction(0.8, 'of the weights in use when the run begins, trained on data up to then'),
    ceiling: fraction(0.9, 'accuracy that endless training on fresh data would reach'),
    floor: fraction(0, 'accuracy of a model whose world is gone, such as that of guessing'),
    half_gap_epochs: Type.Optional(Type.Number({ exclusiveMinimum: 0, default: 3, description: 'so many epochs halve the gap to the ceiling' })),
    epochs_per_deploy: Type.Optional(Type.Integer({ minimum: 1, default: 5, description: 'after so many epochs weights are deployed, unless the policy deploys by itself' })),
    start_s: Type.Optional(Type.Number({ minimum: 0, default: 0, description: 'cost of a start of the job: loading data and model; a pause costs none' })),
    label_share: fraction(0.1, 'chance of an answer to be labelled right or wrong later'),
    label_delay_s: Type.Optional(Type.Number({ minimum: 0, default: 60, description: 'how long after the answer its label comes' })),
    label_window: Type.Optional(Type.Integer({ minimum: 1, default: 200, description: 'labels in the estimate that policies see, the last ones of the weights in use' })),
    validation_images: Type.Optional(Type.Integer({ minimum: 1, default: 500, description: 'held-out images of the present on which new weights must be better than those in use' })),
  },
  { additionalProperties: false, description: 'how the model drifts and learns; without it nothing is said of accuracy' },
);

type Written = Required<Omit<Static<typeof LearningSchema>, 'drift' | 'curve' | 'configuration' | 'configurations'>>;

/** As in the file, defaults filled in. */
export interface Learning extends Written {
  drift: { kind: keyof typeof drifts; [option: string]: unknown };
  curve?: string;
  configuration?: Static<typeof ConfigurationSchema>;
  configurations?: Configured[];
  /** Length of an epoch over the one in the profile, where a curve tells it. */
  epoch_factor?: number;
}

type WrittenJob = { model: string; app?: string; learning?: unknown };

/** Apps whose answers a job improves; none if it learns nothing. */
export function taughtBy(written: ScenarioFile, { model, app, learning }: WrittenJob): string[] {
  if (learning === undefined) return [];
  return written.workload.filter((w) => (app === undefined ? (w.model ?? w.stages?.at(-1)?.model) === model : w.app === app)).map((w) => w.app);
}

/** The app that is to learn exists, and what is said of its curve goes together. */
export function learningIssues(written: ScenarioFile, job: WrittenJob, path: Path): Issue[] {
  const apps = written.workload.map(({ app }) => app);
  if (job.app !== undefined && !apps.includes(job.app))
    return [{ path: [...path, 'app'], at: 'value', sentence: `there is no app "${job.app}"${didYouMean(job.app, apps)} (known: ${apps.join(', ')})` }];
  if (job.learning === undefined) return [];
  const { ceiling = 0.9, half_gap_epochs = 3, floor = 0, curve, configuration } = job.learning as Partial<Learning>;
  if ((curve === undefined) !== (configuration === undefined))
    return [{ path: [...path, 'learning'], at: 'value', sentence: `curve and configuration need each other, found only ${curve === undefined ? 'configuration' : 'curve'}` }];
  // Defaults are filled in by now: a number that differs was written.
  for (const [field, told] of [['ceiling', ceiling !== 0.9], ['half_gap_epochs', half_gap_epochs !== 3]] as const)
    if (curve !== undefined && told) return [{ path: [...path, 'learning', field], at: 'value', sentence: `the curve gives ${field}; leave out one of them` }];
  for (const [i, each] of ((job.learning as { configurations?: Partial<Configured>[] }).configurations ?? []).entries()) {
    const at = (sentence: string): Issue[] => [{ path: [...path, 'learning', 'configurations', i], at: 'value', sentence: `${each.name}: ${sentence}` }];
    const numbers = (['ceiling', 'half_gap_epochs', 'epoch_factor'] as const).filter((field) => each[field] === undefined);
    if (each.configuration !== undefined && numbers.length < 3) return at('its configuration gives ceiling, half_gap_epochs and epoch_factor; leave out one of them');
    if (each.configuration !== undefined && curve === undefined) return at('a configuration needs the curve of the job; give learning.curve, or ceiling, half_gap_epochs and epoch_factor here');
    if (each.configuration === undefined && numbers.length > 0) return at(`lacks ${numbers.join(', ')}`);
    if (each.ceiling !== undefined && floor > each.ceiling) return at(`a floor of ${floor} is above its ceiling of ${each.ceiling}`);
  }
  if (curve === undefined && floor > ceiling) return [{ path: [...path, 'learning', 'floor'], at: 'value', sentence: `a floor of ${floor} is above the ceiling of ${ceiling}` }];
  if (taughtBy(written, job).length === 0)
    return [{ path: [...path, 'learning'], at: 'value', sentence: `no app is answered by ${job.model}; say whose answers it improves: app: ${apps.join(' or ')}` }];
  return [];
}
