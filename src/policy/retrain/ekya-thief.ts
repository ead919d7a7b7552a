import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NEVER, NONE, Training, type Ms, type RetrainView, type TrainingChoice } from '../contract.js';
import { InputError } from '../../input/error.js';
import { trainedAccuracy } from '../../learning/accuracy.js';
import { normal } from '../../random/normal.js';
import { expectedAccuracy, type Round } from '../planners/ekya/expectation.js';
import { paperThief, releasedThief } from '../planners/ekya/thief.js';
import { playWindow, type EkyaConfiguration, type EkyaStream, type TrainingSpeed } from '../planners/ekya/window.js';

const Options = Type.Object(
  {
    window_s: Type.Number({ exclusiveMinimum: 0, default: 200, description: 'length of a retraining window; what cannot end in it is not begun' }),
    epochs: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, default: [5, 15, 30], description: 'configurations to choose from: epochs of one retraining' }),
    thief: Type.Union([Type.Literal('paper'), Type.Literal('released')], { default: 'paper', description: 'the loop of the paper, or that of the released code' }),
    delta: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.1, description: 'share of an accelerator that is stolen at once' }),
    divide: Type.Union([Type.Literal('time'), Type.Literal('space')], { default: 'time', description: 'time: jobs train one after the other; space: side by side, each with a share of the accelerator, as in the paper' }),
    inference_percent: Type.Number({ minimum: 0, exclusiveMaximum: 100, default: 50, description: 'space only: share that is left to inference and is not divided' }),
    profile_error: Type.Number({ minimum: 0, maximum: 0.5, default: 0.058, description: 'median absolute error of the accuracies that profiling foretells, where a job has several configurations' }),
    profile_s: Type.Number({ minimum: 0, default: 4.4, description: 'micro-profiling at the beginning of each window, during which nothing is retrained' }),
    decision_s: Type.Number({ minimum: 0, default: 9.4, description: 'how long a decision takes, at each window and completion; nothing is begun meanwhile' }),
  },
  { additionalProperties: false },
);

/** What the policy knows of one job. */
interface Known {
  rounds: Round[];
  /** Accuracy that was expected of the weights in use; NaN before the first round. */
  expected: number;
  /** By choice: wall time of an epoch in ms. */
  epochMs: Map<string, Ms>;
  /** The last window in which its retraining was done. */
  doneIn: number;
}

/** A configuration of the planner, and what it stands for. */
interface Candidate extends EkyaConfiguration {
  epochs: number;
  configuration: number;
}

/** Median of the absolute value of a standard normal variable. */
const MEDIAN_ABSOLUTE = 0.6745;
const WHOLE = 100;
/** Shares that are sums of steals are off by this much in binary. */
const ROUNDING = 1e-6;

/** A round under way. */
interface Running {
  job: number;
  choice: TrainingChoice;
  startAccuracy: number;
  startEpochs: number;
  expected: number;
  untilEpoch: number;
  epochBeganMs: number;
}

export default definePolicy<'retrain', Static<typeof Options>>({
  name: 'ekya-thief',
  about: 'Divides each window of an accelerator between its jobs as Ekya’s thief scheduler does, by what their accuracy is expected to gain.',
  source:
    'reconstructed: Ekya (Bhardwaj et al., NSDI 2022); its thief scheduler, its windows and the cost of its decisions, but inference that keeps its share; where profiles do not say what shares cost, shares of training in time instead of space; and where a job has one configuration, expectations from past rounds instead of a micro-profile. With several, the scenario’s curves, with the published error of profiling.',
  decision: 'retrain',
  options: Options,
  events: [Event.epoch],
  deploys: true,
  create: ({ window_s, epochs: choices, thief, delta, profile_s, decision_s, divide, inference_percent, profile_error }, { random }) => {
    const schedule = thief === 'paper' ? paperThief : releasedThief;
    const windowMs = window_s * 1000;
    const known: Known[] = [];
    /** By accelerator. */
    const running: Running[][] = [];
    const decidesAt: number[] = [];
    const isIdle = (accelerator: number): boolean => (running[accelerator] ?? []).length === 0;
    let window = NONE;

    const of = (job: number): Known => (known[job] ??= { rounds: [], expected: NaN, epochMs: new Map<string, Ms>(), doneIn: NONE });
    const accuracyOf = (job: number, view: RetrainView): number => (view.labels(job) > 0 ? view.estimate(job) : of(job).expected);

    /** Ways of retraining a job, with what is expected of each. */
    const candidatesOf = (job: number, accuracy: number, view: RetrainView): Candidate[] => {
      const ways = view.configurations(job);
      return (ways.length > 1 ? ways : [undefined]).flatMap((way, configuration) => {
        const choice = { configuration };
        const epochMs = (divide === 'time' ? of(job).epochMs.get(keyOf(choice)) : undefined) ?? view.epochMs(job, choice);
        return choices.map((epochs): Candidate => {
          const foretold = way === undefined ? expectedAccuracy(of(job).rounds, accuracy, epochs) : trainedAccuracy(accuracy, way.ceiling, epochs, way.halfGapEpochs) + (profile_error > 0 ? (profile_error / MEDIAN_ABSOLUTE) * normal(random) : 0);
          return { name: `${way?.name ?? 'own'} ${epochs}`, accuracy: Math.min(1, Math.max(0, foretold)), gpuS: (epochs * epochMs) / 1000, epochs, configuration };
        });
      });
    };

    /** The largest share that a job can be started with and that is not above that of the plan, in percent; 0 if there is none. */
    const legalShare = (percents: readonly number[], share: number): number => Math.max(0, ...percents.filter((percent) => percent <= share * WHOLE + ROUNDING));

    /** What the thief scheduler begins now, for what is left of the window: one round if it divides time, one per retrained job if it divides space. */
    const roundsAt = (jobs: readonly number[], leftS: number, freePercent: number, nowMs: number, view: RetrainView): Running[] => {
      // Nothing can be expected of a job without any label.
      const candidates = jobs.filter((job) => of(job).doneIn < window && accuracyOf(job, view) >= 0);
      if (candidates.length === 0 || leftS <= 0 || freePercent <= 0) return [];
      const streams = candidates.map((job): EkyaStream & { configurations: Candidate[] } => {
        const accuracy = accuracyOf(job, view);
        return { name: String(job), accuracy, configurations: candidatesOf(job, accuracy, view), inferenceFactor: () => 1 };
      });
      const percents = view.sharesOf(candidates[0]);
      if (divide === 'space' && percents.length === 0) throw new InputError('ekya-thief with divide: space needs a profile that says what shares cost, for a job that can be trained by them; add shares to it, or use divide: time');
      const wholeMs = view.epochMs(candidates[0]);
      const bySpace: TrainingSpeed = (share) => {
        const sharePercent = legalShare(percents, share);
        return sharePercent === 0 ? 0 : wholeMs / view.epochMs(candidates[0], { sharePercent });
      };
      // Inference keeps its share whatever training does, so that only what training has is divided.
      const gpus = freePercent / WHOLE;
      const start = { inference: streams.map(() => 0), training: streams.map(() => gpus / streams.length) };
      const plan = schedule(streams, { gpus, windowS: leftS, delta, leastAccuracy: 0, start, ...(divide === 'space' ? { speed: bySpace } : {}) });
      const begin = (i: number, sharePercent?: number): Running[] => {
        const choice = plan.chosen[i] as Candidate | undefined;
        if (choice === undefined || sharePercent === 0) return [];
        const job = candidates[i];
        const startEpochs = view.epochs(job);
        return [
          {
            job,
            choice: { configuration: choice.configuration, ...(sharePercent === undefined ? {} : { sharePercent }) },
            startAccuracy: streams[i].accuracy,
            startEpochs,
            expected: choice.accuracy,
            untilEpoch: startEpochs + choice.epochs,
            epochBeganMs: nowMs,
          },
        ];
      };
      if (divide === 'space') return candidates.flatMap((_, i) => begin(i, legalShare(percents, plan.shares.training[i])));
      const { doneS } = playWindow(leftS, streams, plan.chosen, plan.shares);
      return begin(doneS.indexOf(Math.min(...doneS)));
    };

    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.epoch) {
          const accelerator = view.acceleratorOf(subject);
          const round = running[accelerator]?.find(({ job }) => job === subject);
          if (round !== undefined) {
            of(subject).epochMs.set(keyOf(round.choice), nowMs - round.epochBeganMs);
            round.epochBeganMs = nowMs;
            if (view.epochs(subject) >= round.untilEpoch) {
              out.deploy(subject);
              out.stop(subject);
              Object.assign(of(subject), { expected: round.expected, doneIn: window });
              running[accelerator] = running[accelerator].filter((other) => other !== round);
              decidesAt[accelerator] = nowMs + decision_s * 1000;
            }
          }
        }
        const accelerators = [...new Set(view.jobs.map((job) => view.acceleratorOf(job)))].filter((at) => at !== NONE);
        if (nowMs >= (window + 1) * windowMs) {
          window = Math.floor(nowMs / windowMs);
          for (const job of view.jobs) noteRound(of(job), job, view);
          for (const at of accelerators) if (divide === 'space' || isIdle(at)) decidesAt[at] = nowMs + (profile_s + decision_s) * 1000;
        }
        const endMs = (window + 1) * windowMs;
        let wakeMs = endMs;
        for (const at of accelerators) {
          if ((divide === 'time' && !isIdle(at)) || decidesAt[at] === undefined || decidesAt[at] === NEVER) continue;
          if (decidesAt[at] > nowMs) {
            wakeMs = Math.min(wakeMs, decidesAt[at]);
            continue;
          }
          decidesAt[at] = NEVER;
          const jobs = view.jobs.filter((job) => view.acceleratorOf(job) === at && view.state(job) === Training.stopped);
          const taken = (running[at] ?? []).reduce((sum, { choice: { sharePercent = WHOLE } }) => sum + sharePercent, 0);
          const rounds = roundsAt(jobs, (endMs - nowMs) / 1000, (divide === 'space' ? WHOLE - inference_percent : WHOLE) - taken, nowMs, view);
          running[at] = [...(running[at] ?? []), ...rounds];
          for (const { job, choice, startAccuracy, untilEpoch, startEpochs } of rounds) {
            of(job).rounds.push({ from: startAccuracy, epochs: untilEpoch - startEpochs, to: NaN });
            out.run(job, choice);
          }
        }
        return wakeMs;
      },
    };
  },
});

const keyOf = ({ configuration = 0, sharePercent = WHOLE }: TrainingChoice): string => `${configuration} ${sharePercent}`;

/** At a window's start labels tell what the last round came to. */
function noteRound(known: Known, job: number, view: RetrainView): void {
  const last = known.rounds[known.rounds.length - 1];
  if (last !== undefined && !(last.to >= 0) && view.labels(job) > 0 && known.expected >= 0) last.to = view.estimate(job);
}
