import { replicate } from '../../../src/experiment/replication.js';
import type { Measured } from '../../../src/measurement/measurement.js';
import type { DecisionOf } from '../../../src/policy/contract.js';
import { policies } from '../../../src/policy/policies.js';
import { learner } from './learning.js';

/** Runs the app and job of `learner` under a decision made in a test, which stands in for a policy. */
export async function learnerUnder(on: DecisionOf<'retrain'>['on'], durationS: number, learning: object, profile: object, warmUpMs = 0): Promise<Measured> {
  const policy = policies.retrain.continuous;
  const { create, events } = policy;
  policy.create = () => ({ on });
  delete policy.events;
  try {
    const setup = learner('continuous', durationS, learning);
    setup.accelerators = setup.accelerators.map((a) => ({ ...a, profile: { ...a.profile, ...profile } }));
    return (await replicate({ alternative: setup, replication: 0, warmUpMs })).measured!;
  } finally {
    Object.assign(policy, { create, events });
  }
}
