import { expect, it } from 'vitest';
import { metricsOf } from '../../../src/experiment/metrics.js';
import { replicate } from '../../../src/experiment/replication.js';
import type { Fault } from '../../../src/faults/fault.js';
import { alternative, profileOf } from '../alternative.js';

/** One job with epochs of 10 s, two of which are deployed; gone from 15 s to 20 s. */
async function deploysOf(faults: Fault[]): Promise<{ deploys: number; accuracy: number }> {
  const setup = alternative({
    workload: [{ app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: 10 } }],
    sites: profileOf({ solo_ms: 1 }, { training: { m: { batch: 16, epoch_s: 10 } } }),
    retraining: 'm',
    durationS: 100,
    faults,
  });
  Object.assign(setup.scenario.retraining[0], {
    learning: {
      drift: { kind: 'none' },
      initial_accuracy: 0.5,
      ceiling: 0.9,
      floor: 0,
      half_gap_epochs: 1,
      epochs_per_deploy: 2,
      epoch_factor: 1,
      start_s: 0,
      label_share: 0,
      label_delay_s: 0,
      label_window: 10,
      validation_images: 1_000_000,
    },
  });
  const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
  return { deploys: measured!.learnt!.deploys, accuracy: metricsOf(measured!, setup).accuracy! };
}

it('a round that a lost accelerator interrupts goes on from its last epoch, and deploys later', async () => {
  // Whole: deploys at 20, 40, 60, 80, 100. Lost at 15 in the second epoch, back at 20: 30, 50, 70, 90.
  const whole = await deploysOf([]);
  const broken = await deploysOf([{ kind: 'lose accelerator', when: { atMs: 15_000 }, lasts: { forMs: 5000 } }]);
  expect(whole.deploys).toBeGreaterThanOrEqual(4);
  expect(broken.deploys).toBe(4);
  expect(broken.accuracy).toBeLessThan(whole.accuracy);
  expect(broken.accuracy).toBeGreaterThan(0.5);
});
