import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { readDocument, readingFault } from '../input/document.js';
import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import type { Path } from '../input/path.js';
import { validate } from '../input/validate.js';
import { curveOf, type ConfiguredCurves, type Effects } from '../learning/configured-curve.js';
import type { Learning } from './learning.js';

export const ConfigurationSchema = Type.Object(
  {
    network: Type.String({ minLength: 1, description: 'as the file of curves names it', examples: ['resnet50'] }),
    batch: Type.Optional(Type.Integer({ minimum: 1, default: 32, description: 'training batch size, one that was measured' })),
    data_fraction: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 1, description: 'share of the training data that is used' })),
    frozen_layers: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'layers that are not trained, a number that was measured' })),
  },
  { additionalProperties: false, description: 'how the job is trained, for the curve' },
);

const numbers = Type.Record(Type.String(), Type.Number());
const EffectsSchema = Type.Object({
  intercept: Type.Number(),
  network: numbers,
  frozen_layers: numbers,
  log2_batch_over_32: Type.Number(),
  log2_data_fraction: Type.Number(),
});

/** What scripts/fit-learning-curves.mjs writes; further fields tell where it comes from and how far off it is. */
const CurvesSchema = Type.Object({
  schema: Type.Literal('corun/learning-curves@1'),
  start_accuracy: Type.Number({ minimum: 0, maximum: 1 }),
  domain: Type.Object({ data_fraction: Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }) }),
  logit_ceiling: EffectsSchema,
  log2_half_gap_epochs: EffectsSchema,
  ceiling_offset: numbers,
  epoch_time: Type.Record(Type.String(), Type.Object({ fixed_s: Type.Number(), per_data_fraction_s: Type.Number() })),
  start_s_at_most: numbers,
});
type CurvesFile = Static<typeof CurvesSchema>;

const effectsOf = (e: CurvesFile['logit_ceiling']): Effects => ({
  intercept: e.intercept,
  network: e.network,
  frozenLayers: e.frozen_layers,
  log2Batch: e.log2_batch_over_32,
  log2Fraction: e.log2_data_fraction,
});

const curvesOf = (file: CurvesFile): ConfiguredCurves => ({
  start: file.start_accuracy,
  ceiling: effectsOf(file.logit_ceiling),
  halfGapEpochs: effectsOf(file.log2_half_gap_epochs),
  ceilingOffset: file.ceiling_offset,
});

/** One of several ways of training a job, with its numbers. */
export interface Configured {
  name: string;
  configuration?: Static<typeof ConfigurationSchema>;
  ceiling: number;
  half_gap_epochs: number;
  epoch_factor: number;
}

type Configuration = Required<Static<typeof ConfigurationSchema>>;

const lineOf = ({ network, batch, frozen_layers }: Configuration): string => `${network}/batch${batch}/frozen${frozen_layers}`;

/** The first part of a configuration that the curves do not know. */
function unknownPart(file: CurvesFile, of: Configuration): { field: keyof Configuration; sentence: string } | undefined {
  const networks = Object.keys(file.logit_ceiling.network);
  if (!networks.includes(of.network)) return { field: 'network', sentence: `the curves know no network "${of.network}"${didYouMean(of.network, networks)} (known: ${networks.join(', ')})` };
  const frozen = Object.keys(file.logit_ceiling.frozen_layers);
  if (!frozen.includes(String(of.frozen_layers))) return { field: 'frozen_layers', sentence: `${of.frozen_layers} frozen layers were not measured (known: ${frozen.join(', ')})` };
  if (!Object.hasOwn(file.epoch_time, lineOf(of)) || !Object.hasOwn(file.epoch_time, lineOf({ ...of, frozen_layers: 0 }))) {
    const batches = [...new Set(Object.keys(file.epoch_time).map((key) => key.split('/batch')[1].split('/')[0]))];
    return { field: 'batch', sentence: `batch ${of.batch} was not measured (known: ${batches.join(', ')})` };
  }
  const [low, high] = file.domain.data_fraction;
  return of.data_fraction < low || of.data_fraction > high ? { field: 'data_fraction', sentence: `found ${of.data_fraction}, outside of what was measured, ${low} to ${high}` } : undefined;
}

/** Seconds of an epoch of this configuration over those of one with all of the data and all layers. */
function epochFactor(file: CurvesFile, of: Configuration): number {
  const seconds = (configuration: Configuration): number => {
    const { fixed_s, per_data_fraction_s } = file.epoch_time[lineOf(configuration)];
    return fixed_s + per_data_fraction_s * configuration.data_fraction;
  };
  return seconds(of) / seconds({ ...of, frozen_layers: 0, data_fraction: 1 });
}

/** Fills in what a fitted curve says of the configuration; mistakes are added to `issues`. The path is relative to `directory`. */
export async function withCurve(learning: Learning | undefined, path: Path, directory: string, issues: Issue[]): Promise<Learning | undefined> {
  if (learning?.curve === undefined || learning.configuration === undefined) return learning;
  const file = resolve(directory, learning.curve);
  const wrong = (field: (string | number)[], sentence: string): Learning => {
    issues.push({ path: [...path, ...field], at: 'value', sentence });
    return learning;
  };
  try {
    await access(file);
  } catch (error) {
    return wrong(['curve'], `${readingFault(error, file)}; the path is relative to the scenario`);
  }
  const checked = validate(CurvesSchema, (await readDocument(file, 'file of learning curves')).value);
  if (checked.issues.length > 0)
    return wrong(['curve'], `${learning.curve} is not what npm run learning-curves writes: ${checked.issues[0].path.join('.')}: ${checked.issues[0].sentence}`);
  const curves = checked.value as CurvesFile;
  const configuration = learning.configuration as Configuration;
  const unknown = unknownPart(curves, configuration);
  if (unknown !== undefined) return wrong(['configuration', unknown.field], unknown.sentence);
  const { network, batch, data_fraction, frozen_layers } = configuration;
  const { ceiling, halfGapEpochs } = curveOf(curvesOf(curves), { network, batch, dataFraction: data_fraction, frozenLayers: frozen_layers });
  if (learning.floor > ceiling) return wrong(['floor'], `a floor of ${learning.floor} is above the ceiling of ${ceiling} that the curve gives this configuration`);
  const configurations: Configured[] = [];
  for (const [i, each] of (learning.configurations ?? []).entries()) {
    const of = each.configuration as Configuration | undefined;
    if (of === undefined) {
      configurations.push(each);
      continue;
    }
    const fault = unknownPart(curves, of);
    if (fault !== undefined) return wrong(['configurations', i, 'configuration', fault.field], fault.sentence);
    const curve = curveOf(curvesOf(curves), { network: of.network, batch: of.batch, dataFraction: of.data_fraction, frozenLayers: of.frozen_layers });
    if (learning.floor > curve.ceiling) return wrong(['floor'], `a floor of ${learning.floor} is above the ceiling of ${curve.ceiling} that the curve gives ${each.name}`);
    configurations.push({ name: each.name, configuration: of, ceiling: curve.ceiling, half_gap_epochs: curve.halfGapEpochs, epoch_factor: epochFactor(curves, of) });
  }
  return {
    ...learning,
    ...(learning.configurations === undefined ? {} : { configurations }),
    ceiling,
    half_gap_epochs: halfGapEpochs,
    epoch_factor: epochFactor(curves, configuration),
    start_s: learning.start_s === 0 ? curves.start_s_at_most[network] : learning.start_s,
  };
}
