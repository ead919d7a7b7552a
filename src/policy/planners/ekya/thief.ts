import { linearSpeed, playWindow, type EkyaConfiguration, type EkyaShares, type EkyaStream, type TrainingSpeed } from './window.js';

/** Ekya's thief scheduler, in the paper's form and in that of the released code. Source: Ekya, NSDI 2022. */
export interface ThiefOptions {
  gpus: number;
  windowS: number;
  /** Share that is stolen at once, in GPUs. */
  delta: number;
  /** Least accuracy that a stream should have at any moment. What it lacks is charged tenfold, so that steals lead out of a start that lacks some. */
  leastAccuracy: number;
  speed?: TrainingSpeed;
  /** Shares to begin with; an equal one for every job if left out. */
  start?: EkyaShares;
}

export interface ThiefPlan {
  shares: EkyaShares;
  /** By stream; undefined: not retrained. */
  chosen: (EkyaConfiguration | undefined)[];
  /** Mean over the streams of the predicted accuracy over the window, less what is charged. */
  accuracy: number;
  /** How many allocations were looked at. */
  evaluations: number;
}

/** Shares that are sums of steals are off by this much in binary. */
const ROUNDING = 1e-9;
/** Rounds of the released system between choosing configurations and stealing shares. */
const RELEASED_ROUNDS = 3;

/** Jobs in one list: inference of each stream, then its retraining. */
const sharesOf = (jobs: readonly number[], streams: number): EkyaShares => ({
  inference: Array.from({ length: streams }, (_, i) => jobs[2 * i]),
  training: Array.from({ length: streams }, (_, i) => jobs[2 * i + 1]),
});

/** The paper only says that inference below the least accuracy is not picked, not what its equal shares are worth where they give no more. */
const CHARGE = 10;

/** Accuracy of one stream over the window, less what is charged: the old model at its share until retraining is done, then the new one. -Infinity if it is not done in time. */
function streamAccuracy(stream: EkyaStream, choice: EkyaConfiguration | undefined, inference: number, training: number, { windowS, leastAccuracy, speed = linearSpeed }: ThiefOptions): number {
  const meanwhile = stream.accuracy * stream.inferenceFactor(inference);
  const charge = CHARGE * Math.max(0, leastAccuracy - meanwhile);
  if (choice === undefined) return meanwhile - charge;
  const { accuracy, doneS } = playWindow(windowS, [stream], [choice], { inference: [inference], training: [training] }, { speed });
  return doneS[0] === Infinity ? -Infinity : accuracy[0] - charge;
}

/** The retraining of a stream, none included, that gives it most at its share. */
function pick(stream: EkyaStream, inference: number, training: number, options: ThiefOptions): { choice: EkyaConfiguration | undefined; accuracy: number } {
  let best: { choice: EkyaConfiguration | undefined; accuracy: number } = { choice: undefined, accuracy: streamAccuracy(stream, undefined, inference, training, options) };
  for (const choice of stream.configurations) {
    const accuracy = streamAccuracy(stream, choice, inference, training, options);
    if (accuracy > best.accuracy) best = { choice, accuracy };
  }
  return best;
}

function pickAll(streams: readonly EkyaStream[], jobs: readonly number[], options: ThiefOptions) {
  const picked = streams.map((stream, i) => pick(stream, jobs[2 * i], jobs[2 * i + 1], options));
  return { chosen: picked.map(({ choice }) => choice), accuracy: picked.reduce((sum, each) => sum + each.accuracy, 0) / streams.length };
}

/** Jobs' shares to begin with. */
function firstShares(streams: number, { gpus, start }: ThiefOptions): number[] {
  if (start === undefined) return new Array<number>(2 * streams).fill(gpus / (2 * streams));
  return Array.from({ length: streams }, (_, i) => [start.inference[i], start.training[i]]).flat();
}

/**
 * The paper's loop: every job in turn steals from every other, a step at a time, for as long as the mean accuracy rises;
 * configurations are picked anew at each step.
 */
export function paperThief(streams: readonly EkyaStream[], options: ThiefOptions): ThiefPlan {
  let jobs = firstShares(streams.length, options);
  let best = pickAll(streams, jobs, options);
  let evaluations = 1;
  for (let thief = 0; thief < jobs.length; thief++) {
    for (let victim = 0; victim < jobs.length; victim++) {
      if (victim === thief) continue;
      const tried = [...jobs];
      for (;;) {
        tried[victim] -= options.delta;
        tried[thief] += options.delta;
        if (tried[victim] < -ROUNDING) break;
        tried[victim] = Math.max(0, tried[victim]);
        const found = pickAll(streams, tried, options);
        evaluations++;
        if (found.accuracy <= best.accuracy) break;
        best = found;
        jobs = [...tried];
      }
    }
  }
  return { shares: sharesOf(jobs, streams.length), chosen: best.chosen, accuracy: best.accuracy, evaluations };
}

/**
 * The released form: configurations that would not beat the accuracy at hand are dropped; then three rounds of picking the
 * configuration of each stream at its share, and of trying every steal of every pair up to all that the victim has, going on
 * from the best so far.
 */
export function releasedThief(streams: readonly EkyaStream[], options: ThiefOptions): ThiefPlan {
  const useful = streams.map((stream) => ({ ...stream, configurations: stream.configurations.filter(({ accuracy }) => accuracy > stream.accuracy), inferenceFactor: (share: number) => stream.inferenceFactor(share) }));
  let jobs = firstShares(streams.length, options);
  let evaluations = 0;
  let { chosen, accuracy: best } = pickAll(useful, jobs, options);
  for (let round = 0; round < RELEASED_ROUNDS; round++) {
    if (round > 0) ({ chosen, accuracy: best } = pickAll(useful, jobs, options));
    const score = (shares: readonly number[]): number => useful.reduce((sum, stream, i) => sum + streamAccuracy(stream, chosen[i], shares[2 * i], shares[2 * i + 1], options), 0) / useful.length;
    for (let thief = 0; thief < jobs.length; thief++) {
      for (let victim = 0; victim < jobs.length; victim++) {
        if (victim === thief) continue;
        const from = jobs;
        for (let steals = 0; steals * options.delta <= from[victim] + ROUNDING; steals++) {
          const tried = [...from];
          tried[thief] += steals * options.delta;
          tried[victim] = Math.max(0, tried[victim] - steals * options.delta);
          const accuracy = score(tried);
          evaluations++;
          if (accuracy > best) {
            best = accuracy;
            jobs = tried;
          }
        }
      }
    }
  }
  return { shares: sharesOf(jobs, streams.length), chosen, accuracy: best, evaluations };
}
