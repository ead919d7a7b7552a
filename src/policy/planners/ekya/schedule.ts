import { paperThief, type ThiefOptions, type ThiefPlan } from './thief.js';
import { playWindow, type EkyaConfiguration, type EkyaStream, type EkyaWindow } from './window.js';

/**
 * A window under the thief scheduler, which is asked at its start and whenever a retraining is done; between that shares stand still.
 *
 * @param decisionS how long each decision takes, in s; retraining begins after it, and inference has an equal share meanwhile
 * @param thief the paper's, or the released one
 */
export function thiefWindow(streams: readonly EkyaStream[], options: ThiefOptions, { decisionS = 0, thief = paperThief }: { decisionS?: number; thief?: typeof paperThief } = {}): EkyaWindow {
  const { windowS } = options;
  const sums = streams.map(() => 0);
  const doneS = streams.map(() => Infinity);
  let now: EkyaStream[] = streams.map((stream) => ({ ...stream, inferenceFactor: (share) => stream.inferenceFactor(share) }));
  let under: (EkyaConfiguration | undefined)[] = streams.map(() => undefined);
  let nowS = 0;
  /** Plays on with these shares. @returns the streams whose retraining was done */
  const play = (untilS: number, chosen: readonly (EkyaConfiguration | undefined)[], shares: ThiefPlan['shares']): EkyaWindow => {
    const part = playWindow(untilS - nowS, now, chosen, shares, { speed: options.speed });
    part.accuracy.forEach((mean, i) => (sums[i] += mean * (untilS - nowS)));
    return part;
  };
  while (nowS < windowS) {
    const decidedS = Math.min(windowS, nowS + decisionS);
    const equal = streams.map(() => options.gpus / streams.length);
    if (decidedS > nowS) play(decidedS, streams.map(() => undefined), { inference: equal, training: streams.map(() => 0) });
    nowS = decidedS;
    if (nowS >= windowS) break;
    // What was begun is finished: it is the only choice that its stream has.
    const plan = thief(now.map((stream, i) => ({ ...stream, configurations: under[i] === undefined ? stream.configurations : [under[i]] })), { ...options, windowS: windowS - nowS });
    const ahead = playWindow(windowS - nowS, now, plan.chosen, plan.shares, { speed: options.speed });
    const firstS = Math.min(...ahead.doneS);
    const untilS = Math.min(windowS, nowS + firstS);
    play(untilS, plan.chosen, plan.shares);
    const speed = options.speed ?? ((share: number) => share);
    under = plan.chosen.map((choice, i) => (choice === undefined ? undefined : { ...choice, gpuS: choice.gpuS - speed(plan.shares.training[i]) * (untilS - nowS) }));
    now = now.map((stream, i) => {
      if (ahead.doneS[i] === Infinity || ahead.doneS[i] !== firstS) return stream;
      doneS[i] = untilS;
      under[i] = undefined;
      return { ...stream, accuracy: plan.chosen[i]!.accuracy, configurations: [] };
    });
    nowS = untilS;
  }
  return { accuracy: sums.map((sum) => sum / windowS), endAccuracy: now.map(({ accuracy }) => accuracy), doneS };
}
