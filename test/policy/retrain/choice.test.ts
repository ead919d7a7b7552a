import { describe, expect, it } from 'vitest';
import { Event, NEVER, type DecisionOf, type RetrainCommands, type RetrainView, type TrainingChoice } from '../../../src/policy/contract.js';
import type { Measured } from '../../../src/measurement/measurement.js';
import { learnerUnder } from './chosen.js';

const shares = { percent: [10, 50, 100], stretch: [3, 1.5, 1] };
const configurations = [{ name: 'tenth', ceiling: 0.6, half_gap_epochs: 1, epoch_factor: 0.1 }];

const accuracyOf = ({ apps: [{ accuracySum, answered }] }: Measured): number => accuracySum! / answered;

type On = DecisionOf<'retrain'>['on'];

/** Runs the job by a choice from the start on. */
const by =
  (choice: TrainingChoice, more: (event: Event, view: RetrainView, out: RetrainCommands, nowMs: number) => number = () => NEVER): On =>
  (event, _subject, nowMs, view, out) => {
    if (event === Event.start) out.run(0, choice);
    return more(event, view, out, nowMs);
  };

describe('a retraining policy chooses configuration and share', () => {
  it('and an epoch takes as long as both say: 1 s × 0.1 × 3', async () => {
    expect((await learnerUnder(by({}), 9, {}, { shares })).epochs[0]).toBeCloseTo(9, 6);
    expect((await learnerUnder(by({ configuration: 1 }), 9, { configurations }, { shares })).epochs[0]).toBeCloseTo(90, 6);
    expect((await learnerUnder(by({ configuration: 1, sharePercent: 10 }), 9, { configurations }, { shares })).epochs[0]).toBeCloseTo(30, 6);
  });

  it('and learns along the curve of that configuration', async () => {
    const learning = { initial_accuracy: 0.2, ceiling: 0.9, epochs_per_deploy: 20, half_gap_epochs: 1, configurations };
    const last = async (choice: TrainingChoice): Promise<number> => accuracyOf(await learnerUnder(by(choice), 100, learning, { shares }, 60_000));
    expect(await last({})).toBeGreaterThan(0.85);
    expect(await last({ configuration: 1 })).toBeCloseTo(0.6, 1);
  });

  it('and sees what both would take, and what there is', async () => {
    const seen: unknown[] = [];
    await learnerUnder(
      by({}, (event, view) => {
        if (event === Event.start) seen.push(view.epochMs(0), view.epochMs(0, { configuration: 1, sharePercent: 50 }), view.sharesOf(0), view.configurations(0).map(({ name }) => name));
        return NEVER;
      }),
      1,
      { configurations },
      { shares },
    );
    expect(seen[0]).toBe(1000);
    expect(seen[1]).toBeCloseTo(150, 9);
    expect(seen.slice(2)).toEqual([[10, 50, 100], ['own', 'tenth']]);
  });

  it.each<[string, TrainingChoice, object, RegExp]>([
    ['a configuration that it has not', { configuration: 2 }, { shares }, /trains t by configuration 2; it has 0 \(own\), 1 \(tenth\): list more under retraining.learning.configurations/],
    ['a share that the profile does not know', { sharePercent: 25 }, { shares }, /gives t a share of 25 % of its accelerator; the profile knows 10, 50, 100/],
    ['a share without any in the profile', { sharePercent: 50 }, {}, /the profile knows none; add shares to it/],
  ])('but not %s', async (_, choice, profile, message) => {
    await expect(learnerUnder(by(choice), 5, { configurations }, profile)).rejects.toThrow(message);
  });

  it('nor another one while it is at work', async () => {
    const changing = by({ sharePercent: 50 }, (event, _view, out, nowMs) => {
      if (event === Event.timer) out.run(0, { sharePercent: 10 });
      return nowMs < 555 ? 555 : NEVER;
    });
    await expect(learnerUnder(changing, 5, {}, { shares })).rejects.toThrow(/changes configuration or share of t while it is at work; stop it first/);
  });

  it('a start after a stop may', async () => {
    const again = by({ sharePercent: 10 }, (event, _view, out, nowMs) => {
      if (event === Event.timer) out.stop(0);
      if (event === Event.training) out.run(0, { sharePercent: 100 });
      return nowMs < 3055 ? 3055 : NEVER;
    });
    expect((await learnerUnder(again, 9, {}, { shares })).epochs[0]).toBeCloseTo(1 + 9 - 3.055, 6);
  });
});
