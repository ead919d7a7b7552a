import type { TrainingImages } from './learning.js';
import type { Seed } from '../random/stream.js';
import type { Preset, PresetName } from './plan/presets.js';
import type { NoiseLimits } from './noise.js';

/** What is calibrated, and how: the preset filled in. */
export interface CalibrationSettings extends Omit<Preset, 'about'> {
  preset: PresetName;
  /** A key of `engines`. */
  backend: string;
  models: readonly string[];
  training: readonly string[];
  /** What the engine takes: which models it opens, or the program of the fake one. */
  engineOptions: unknown;
  /** What retraining learns from; absent where it is programmed. */
  trainingImages?: TrainingImages;
  seed: Seed;
  noiseLimits: NoiseLimits;
  /** A cell is measured again where others than the calibration took more than this share of the processors, 0 to 1; never if left out. */
  othersLimit?: number;
  /** Write a profile from a noisy machine too, labelled. */
  acceptNoise: boolean;
}

/** What must be the same when a calibration goes on. Limits of noise and time may change: they decide what is done with measurements, not what they are. */
export function identityOf({ noiseLimits: _limits, acceptNoise: _accept, budgetS: _budget, othersLimit: _others, phases, engineOptions, ...rest }: CalibrationSettings): Record<string, unknown> {
  const { device: _device, ...options } = engineOptions as Record<string, unknown>;
  // A journal from before there were phases is one of training.
  return { ...rest, ...(phases.some((phase) => phase !== 'train') && { phases }), engineOptions: options };
}
