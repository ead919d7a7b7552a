import type { CalibrationRecord } from '../profile/calibration-schema.js';
import type { Measured } from './measure/measured.js';
import { BLOCK_MS } from './measure/series.js';
import { blockMeans } from '../contention/fit/blocks.js';
import { median } from '../contention/fit/medians.js';
import type { Entry } from './journal/journal.js';
import { evaluates, jobsOf, type TrainingJob } from './plan/cell.js';

type Finding = NonNullable<CalibrationRecord['training']>[string];

/** A slowdown counts from so many standard deviations of the machine's noise, and from 2 % at least. */
const SURE = 3;
const LEAST = 0.02;
/** A job that is slowed by less than this share of what it slows others by is not limited by what they share. */
const HARDLY = 0.25;

/**
 * What each training job waits for. Two jobs that both wait for the accelerator slow each other. One that slows an inference and is
 * hardly slowed itself has time to spare there: it waits for its loader. Noise cannot be taken for that, since a
 * slowdown counts only beyond it.
 */
export function loaderBound(entries: readonly Entry[], trainings: readonly TrainingJob[], noise: number): Record<string, Finding> {
  const sure = Math.max(LEAST, SURE * noise);
  return Object.fromEntries(
    trainings.flatMap((training): [string, Finding][] => {
      const name = `${training.model}:${training.batch}`;
      const own = entries.filter(({ cell, measured }) => measured !== undefined && cell.kind === 'closed' && !evaluates(cell.training) && cell.training?.model === training.model && cell.training.batch === training.batch);
      const alone = medianMs(own.filter(({ cell }) => jobsOf(cell) === 0), 'training');
      const pairs = own.flatMap(({ cell, measured }) => {
        if (jobsOf(cell) !== 1 || alone === undefined) return [];
        const [{ model, batch }] = cell.inference;
        const solo = medianMs(entries.filter((e) => e.measured !== undefined && e.cell.kind === 'closed' && e.cell.training === undefined && jobsOf(e.cell) === 1 && e.cell.inference[0].model === model && e.cell.inference[0].batch === batch), 'inference');
        return solo === undefined ? [] : [{ slowed: middle(measured!, 'training') / alone, slows: middle(measured!, 'inference') / solo }];
      });
      if (pairs.length === 0) return [];
      const slowed = Math.min(...pairs.map((p) => p.slowed));
      const slows = Math.max(...pairs.map((p) => p.slows));
      const waitsFor = slowed - 1 > Math.max(sure, HARDLY * (slows - 1)) ? 'accelerator' : slows - 1 > sure && slowed - 1 < HARDLY * (slows - 1) ? 'loader' : 'unknown';
      return [[name, { slowed: Number(slowed.toPrecision(4)), slows: Number(slows.toPrecision(4)), waits_for: waitsFor }]];
    }),
  );
}

const middle = ({ series }: Measured, workload: string): number => median(series.filter((s) => s.workload === workload).flatMap((s) => blockMeans(s.done.map((d) => d.durationMs), BLOCK_MS)));

/** The middle of the medians of several cells. */
function medianMs(entries: readonly Entry[], workload: string): number | undefined {
  return entries.length === 0 ? undefined : median(entries.map(({ measured }) => middle(measured!, workload)));
}
