import type { GroupKey, Neighbour } from '../../contention/fit/group.js';
import { didYouMean } from '../../input/nearest.js';
import type { ColumnName } from './columns.js';

/** A mistake in a row: in which column, and a sentence. */
export interface RowFault {
  column: ColumnName;
  sentence: string;
}

/** No accelerator holds more processes at once; a larger number is of something else. */
const MOST_JOBS = 1000;
const PHASES = ['steady', 'solo', 'loading', 'train', 'evaluate'];

/** Reads what a row says about its group. @param text the field of a column; undefined where it is absent or empty */
export function readKey(text: (column: ColumnName) => string | undefined): { key: GroupKey; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const fault = (column: ColumnName, sentence: string): void => void faults.push({ column, sentence });
  const shown = (found: string | undefined): string => (found === undefined ? 'nothing' : JSON.stringify(found.slice(0, 40)));

  const oneOf = <T extends string>(column: ColumnName, allowed: readonly T[]): T | undefined => {
    const found = text(column);
    if (found === undefined || (allowed as readonly string[]).includes(found)) return found as T | undefined;
    fault(column, `found ${shown(found)}, ${allowed.join(' or ')} is needed${didYouMean(found, allowed)}`);
    return undefined;
  };
  const number = (column: ColumnName, what: string, fine: (v: number) => boolean): number | undefined => {
    const found = text(column);
    if (found === undefined) return undefined;
    const value = Number(found);
    if (Number.isFinite(value) && fine(value)) return value;
    fault(column, `found ${shown(found)}, ${what} is needed`);
    return undefined;
  };
  const wholeFrom = (least: number) => (v: number) => Number.isInteger(v) && v >= least && v <= 1e6;

  const workload = oneOf('workload', ['inference', 'training'] as const);
  if (text('workload') === undefined) fault('workload', 'found nothing, inference or training is needed');
  const model = text('model');
  if (model === undefined) fault('model', 'found nothing, the name of the observed model is needed');
  const jobs = (column: 'inference_jobs' | 'training_jobs'): number => {
    if (text(column) === undefined) fault(column, 'found nothing, a whole number of jobs is needed');
    return number(column, `a whole number of jobs, 0 or more and at most ${MOST_JOBS},`, (v) => Number.isInteger(v) && v >= 0 && v <= MOST_JOBS) ?? NaN;
  };
  const inferenceJobs = jobs('inference_jobs');
  const trainingJobs = jobs('training_jobs');
  if (workload === 'inference' && inferenceJobs === 0) fault('inference_jobs', 'found 0 for an inference, but the observed job counts: at least 1 is needed');
  if (workload === 'training' && trainingJobs === 0) fault('training_jobs', 'found 0 for a training job, but the observed job counts: at least 1 is needed');

  const phase = text('phase');
  if (phase !== undefined && !PHASES.includes(phase)) {
    const meant = didYouMean(phase, PHASES);
    if (meant !== '') fault('phase', `found ${shown(phase)}${meant}`);
  }
  if (phase === 'solo' && inferenceJobs + trainingJobs > 1) fault('phase', `found solo with ${inferenceJobs} inference and ${trainingJobs} training jobs; alone means one job in all`);
  const mode = oneOf('mode', ['closed', 'open'] as const);
  const offeredRps = number('offered_rps', 'a rate above 0 per second', (v) => v > 0);
  if (mode === 'closed' && offeredRps !== undefined) fault('offered_rps', 'found a rate in closed mode, where the next request starts when the last one ends; leave it empty, or say mode open');
  const trainingModel = text('training_model');
  if (trainingModel !== undefined && trainingJobs === 0) fault('training_model', `found ${shown(trainingModel)} where training_jobs is 0`);
  if (workload === 'training' && trainingJobs === 1 && trainingModel !== undefined && model !== undefined && trainingModel !== model) {
    fault('training_model', `found ${shown(trainingModel)}, but the only training job is the observed one, ${shown(model)}`);
  }

  const listed = text('neighbours');
  let neighbours: Neighbour[] | undefined;
  if (listed !== undefined) {
    neighbours = readNeighbours(listed);
    const expected = inferenceJobs + trainingJobs - 1 - (workload === 'inference' ? trainingJobs : trainingJobs - 1);
    if (neighbours === undefined) fault('neighbours', `found ${shown(listed)}, the other inference jobs are needed as 2*resnet50:8+vgg16 (count * model : batch)`);
    else {
      const total = neighbours.reduce((sum, n) => sum + n.count, 0);
      if (Number.isInteger(expected) && total !== expected) fault('neighbours', `names ${total} inference jobs, but inference_jobs leaves ${expected} beside the observed one`);
    }
  }
  const optional = {
    batch: number('batch', 'a whole number from 1', wholeFrom(1)),
    units: number('units', 'a number above 0', (v) => v > 0),
    phase,
    mode,
    offeredRps,
    trainingModel,
    trainingBatch: number('training_batch', 'a whole number from 1', wholeFrom(1)),
    neighbours,
    sharePercent: number('share_percent', 'a number above 0, at most 100,', (v) => v > 0 && v <= 100),
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<GroupKey>;
  return { key: { workload: workload ?? 'inference', model: model ?? '', inferenceJobs, trainingJobs, ...given }, faults };
}

/** `2*resnet50:8+vgg16` or `resnet50:8*2;vgg16`, sorted so that the order does not make another group; undefined if it is something else. */
function readNeighbours(text: string): Neighbour[] | undefined {
  const out = new Map<string, Neighbour>();
  for (const part of text.split(/[+;]/)) {
    const match = /^\s*(?:(\d+)\s*[*x×]\s*)?([^*+;:\s][^*+;:]*?)(?::(\d+))?(?:\s*[*×]\s*(\d+))?\s*$/.exec(part);
    if (match === null || (match[1] !== undefined && match[4] !== undefined)) return undefined;
    const [, before, model, batch, after] = match;
    const count = before ?? after ?? '1';
    if (Number(count) === 0 || batch === '0') return undefined;
    const key = `${model}:${batch ?? ''}`;
    const at = out.get(key) ?? { model, ...(batch === undefined ? {} : { batch: Number(batch) }), count: 0 };
    at.count += Number(count);
    out.set(key, at);
  }
  return [...out].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, n]) => n);
}
