import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NEVER, NONE, Training, type RetrainView } from '../contract.js';
import { expectedAccuracy, type Round } from '../planners/ekya/expectation.js';
import { paperThief, releasedThief } from '../planners/ekya/thief.js';
import { playWindow, type EkyaStream } from '../planners/ekya/window.js';

const Options = Type.Object(
  {
    window_s: Type.Number({ exclusiveMinimum: 0, default: 200, description: 'length of a retraining window; what cannot end in it is not begun' }),
    epochs: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, default: [5, 15, 30], description: 'configurations to choose from: epochs of one retraining' }),
    thief: Type.Union([Type.Literal('paper'), Type.Literal('released')], { default: 'paper', description: 'the loop of the paper, or that of the released code' }),
    delta: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.1, description: 'share of an accelerator that is stolen at once' }),
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
  /** Wall time of an epoch in ms; 0 before the first one. */
  epochMs: number;
  /** The last window in which its retraining was done. */
  doneIn: number;
}

/** The round under way on one accelerator. */
interface Running {
  job: number;
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
    'reconstructed: Ekya (Bhardwaj et al., NSDI 2022); its thief scheduler, its windows and the cost of its decisions, but shares of training in time instead of space, inference that keeps its share, and expectations from past rounds instead of a micro-profile.',
  decision: 'retrain',
  options: Options,
  events: [Event.epoch],
  deploys: true,
  create: ({ window_s, epochs: choices, thief, delta, profile_s, decision_s }) => {
    const schedule = thief === 'paper' ? paperThief : releasedThief;
    const windowMs = window_s * 1000;
    const known: Known[] = [];
    /** By accelerator. */
    const running: (Running | undefined)[] = [];
    const decidesAt: number[] = [];
    let window = NONE;

    const of = (job: number): Known => (known[job] ??= { rounds: [], expected: NaN, epochMs: 0, doneIn: NONE });
    const accuracyOf = (job: number, view: RetrainView): number => (view.labels(job) > 0 ? view.estimate(job) : of(job).expected);

    /** The round that the thief scheduler would have done first in what is left of the window, or undefined. */
    const firstRound = (jobs: readonly number[], leftS: number, nowMs: number, view: RetrainView): Running | undefined => {
      // Nothing can be expected of a job without any label.
      const candidates = jobs.filter((job) => of(job).doneIn < window && accuracyOf(job, view) >= 0);
      if (candidates.length === 0 || leftS <= 0) return undefined;
      const streams = candidates.map((job): EkyaStream => {
        const accuracy = accuracyOf(job, view);
        const epochS = (of(job).epochMs || view.epochMs(job)) / 1000;
        return {
          name: String(job),
          accuracy,
          configurations: choices.map((epochs) => ({ name: String(epochs), accuracy: expectedAccuracy(of(job).rounds, accuracy, epochs), gpuS: epochs * epochS })),
          inferenceFactor: () => 1,
        };
      });
      // Inference keeps its share whatever training does, so that only the time of training is divided.
      const start = { inference: streams.map(() => 0), training: streams.map(() => 1 / streams.length) };
      const plan = schedule(streams, { gpus: 1, windowS: leftS, delta, leastAccuracy: 0, start });
      const { doneS } = playWindow(leftS, streams, plan.chosen, plan.shares);
      const first = doneS.indexOf(Math.min(...doneS));
      const choice = plan.chosen[first];
      if (choice === undefined) return undefined;
      const job = candidates[first];
      const startEpochs = view.epochs(job);
      return { job, startAccuracy: streams[first].accuracy, startEpochs, expected: choice.accuracy, untilEpoch: startEpochs + Number(choice.name), epochBeganMs: nowMs };
    };

    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.epoch) {
          const accelerator = view.acceleratorOf(subject);
          const round = running[accelerator];
          if (round?.job === subject) {
            of(subject).epochMs = nowMs - round.epochBeganMs;
            round.epochBeganMs = nowMs;
            if (view.epochs(subject) >= round.untilEpoch) {
              out.deploy(subject);
              out.stop(subject);
              Object.assign(of(subject), { expected: round.expected, doneIn: window });
              running[accelerator] = undefined;
              decidesAt[accelerator] = nowMs + decision_s * 1000;
            }
          }
        }
        const accelerators = [...new Set(view.jobs.map((job) => view.acceleratorOf(job)))].filter((at) => at !== NONE);
        if (nowMs >= (window + 1) * windowMs) {
          window = Math.floor(nowMs / windowMs);
          for (const job of view.jobs) noteRound(of(job), job, view);
          for (const at of accelerators) if (running[at] === undefined) decidesAt[at] = nowMs + (profile_s + decision_s) * 1000;
        }
        const endMs = (window + 1) * windowMs;
        let wakeMs = endMs;
        for (const at of accelerators) {
          if (running[at] !== undefined || decidesAt[at] === undefined) continue;
          if (decidesAt[at] > nowMs) {
            wakeMs = Math.min(wakeMs, decidesAt[at]);
            continue;
          }
          decidesAt[at] = NEVER;
          const jobs = view.jobs.filter((job) => view.acceleratorOf(job) === at && view.state(job) === Training.stopped);
          const round = firstRound(jobs, (endMs - nowMs) / 1000, nowMs, view);
          if (round === undefined) continue;
          running[at] = round;
          of(round.job).rounds.push({ from: round.startAccuracy, epochs: round.untilEpoch - round.startEpochs, to: NaN });
          out.run(round.job);
        }
        return wakeMs;
      },
    };
  },
});

/** At a window's start labels tell what the last round came to. */
function noteRound(known: Known, job: number, view: RetrainView): void {
  const last = known.rounds[known.rounds.length - 1];
  if (last !== undefined && !(last.to >= 0) && view.labels(job) > 0 && known.expected >= 0) last.to = view.estimate(job);
}
