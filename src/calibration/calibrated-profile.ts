import { median } from '../contention/fit/medians.js';
import type { NamedProfile } from '../profile/load.js';
import { checkProfile } from '../profile/load.js';
import type { CalibrationRecord } from '../profile/calibration-schema.js';
import type { Finished } from './calibrate.js';
import { OBSERVATIONS } from './files.js';
import type { Entry } from './journal/journal.js';
import { BLOCK_MS } from './measure/series.js';
import { evaluationOf } from './evaluation.js';
import { epochSteps } from './epoch-steps.js';
import { loaderBound } from './loader-bound.js';
import { sha256 } from './machine.js';
import type { Noise } from './noise.js';
import { evaluates, turnName } from './plan/cell.js';
import { rounded } from './profile-parts.js';
import { runFit } from './run-fit.js';
import { identityOf, type CalibrationSettings } from './settings.js';

interface Told extends Finished {
  entries: readonly Entry[];
  noise: Noise;
  csv: string;
  /** Path of the observations file. */
  observations: string;
  requested: Record<string, unknown>;
  onProgress?: (text: string) => void;
}

/** Fits the observations, and adds to the fitted profile what a fit cannot know: times of loading and of the host, epochs, and where it all comes from. */
export async function calibratedProfile(settings: CalibrationSettings, told: Told): Promise<NamedProfile> {
  const { machine, probes, entries, trainings, noise, onProgress } = told;
  const name = `${machine.device}, ${settings.backend}`;
  const { memoryMiB } = machine;
  const { profile } = await runFit(told.observations, { profileName: name, withoutEvaluation: true, blockMs: BLOCK_MS, ...(memoryMiB !== undefined && { capacityMiB: memoryMiB }), ...(onProgress && { onProgress }) });
  const fitted = profile!;
  const assumptions = [...(fitted.assumptions ?? [])];
  const models = Object.fromEntries(
    Object.entries(fitted.models).map(([model, about]) => [model, { ...about, host_ms: rounded(probes.models[model].hostMs, 3), load_ms: rounded(median([probes.models[model].loadMs, ...(told.loadMs.get(model) ?? [])]), 4) }]),
  );
  const training = fitted.training && Object.fromEntries(
    Object.entries(fitted.training).map(([job, about]) => {
      const own = entries.flatMap(({ cell, measured }) => (measured !== undefined && cell.training?.batch === about.batch && !evaluates(cell.training) && job.startsWith(cell.training.model) ? [measured] : []));
      const steps = epochSteps(own, settings.trainingImages, about.batch);
      if (steps === undefined) assumptions.push(`No epoch of ${job} ended while it was measured: epoch_s is the time of one step.`);
      const trained = trainings.find(({ model, batch }) => batch === about.batch && (job === model || job === `${model}-b${batch}`));
      const evaluation = trained && evaluationOf(entries, trained);
      // A row of training is a step.
      return [job, { ...about, epoch_s: rounded(about.epoch_s * (steps ?? 1)), step_ms: rounded(about.epoch_s * 1000), ...(evaluation && { evaluation }) }];
    }),
  );
  if (noise.verdict !== 'quiet') assumptions.unshift(noise.verdict === 'noisy' ? `NOISY: ${noise.because}. The user accepted it (--accept-noise).` : `Not judged: ${noise.because}.`);
  assumptions.push('The time on the host (host_ms) is what passes between two images sent one after the other through the channel to a process, with nothing else at work; what it takes longer beside others is in the slowdowns. Decoding bytes to numbers, upload and read-back are part of solo_ms; `parts` has those that the backend tells apart.');
  // Where the files lie is of no interest to whoever reads the profile.
  const source = fitted.source?.map((line) => line.replace(told.observations, OBSERVATIONS));
  const whole = { ...fitted, source, assumptions, models, ...(training && { training }), calibration: recordOf(settings, told) };
  const checked = checkProfile(whole, [], name);
  if (checked.issues.length > 0) throw new Error(`the calibrated profile is not one: ${checked.issues.map((i) => `${i.path.join('.')}: ${i.sentence}`).join('; ')}`);
  return checked.profile;
}

function recordOf(settings: CalibrationSettings, { machine, probes, trainings, entries, noise, csv, requested, journal, leftOut }: Told): CalibrationRecord {
  const resolved = { ...identityOf(settings), shapes: Object.fromEntries(Object.entries(probes.models).map(([model, { input, classes }]) => [model, { input, ...(classes !== undefined && { classes }) }])) };
  const measured = entries.filter((e) => e.measured !== undefined);
  const found = loaderBound(entries, trainings.filter((job) => !evaluates(job)), noise.spread);
  const memory = Object.fromEntries(measured.flatMap(({ cell, measured: m }) => (m!.memory === undefined ? [] : [[cell.inference[0].model, { loaded: m!.memory.loaded, full: m!.memory.full }]])));
  const { device, backend_version, driver, host, corun, node } = machine;
  return {
    corun,
    node,
    begun: new Date(Math.min(...entries.map((e) => e.startedMs))).toISOString(),
    ended: new Date(Math.max(...entries.map((e) => e.endedMs))).toISOString(),
    backend: settings.backend,
    ...(backend_version !== undefined && { backend_version }),
    device,
    ...(driver !== undefined && { driver }),
    host,
    requested,
    resolved,
    settings_sha256: sha256(JSON.stringify(resolved)),
    observations: { file: OBSERVATIONS, sha256: sha256(csv), rows: csv.split('\n').length - 2 },
    sessions: journal.session,
    noise: {
      verdict: noise.verdict,
      ...(noise.verdict === 'noisy' && { accepted: true as const }),
      runs: noise.runs,
      spread: rounded(noise.spread, 3),
      drift: rounded(noise.drift, 3),
      worst: rounded(noise.worst, 3),
      row_cv: rounded(noise.rowCv, 3),
      ...(noise.repeated && { repeated: { ...noise.repeated, spread: rounded(noise.repeated.spread, 3) } }),
      limits: noise.limits,
    },
    cells: {
      measured: measured.length,
      failed: entries.filter((e) => e.failed !== undefined).map(({ turn, failed }) => ({ cell: turn, why: failed! })),
      left_out: leftOut.map(turnName),
      not_steady: measured.filter((e) => !e.measured!.steady).map(({ turn }) => turn),
      ...(measured.some((e) => e.disturbed === true) && { disturbed: measured.filter((e) => e.disturbed === true).map(({ turn }) => turn) }),
      imprecise: measured.filter((e) => e.measured!.series.length > 0 && !(e.measured!.precision! <= settings.precision)).map(({ turn }) => turn),
    },
    ...(Object.keys(found).length > 0 && { training: found }),
    ...(Object.keys(memory).length > 0 && { memory }),
  };
}
