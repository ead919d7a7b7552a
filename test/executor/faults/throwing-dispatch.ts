import fcfs from '../../../src/policy/dispatch/fcfs.js';
import type { PolicyDefinition } from '../../../src/policy/contract.js';

/** First come, first served, until it is to throw; asked at each event. */
export const throwingDispatch = (throwsNow: () => boolean): PolicyDefinition<'dispatch'> => ({
  ...fcfs,
  create: (...made) => {
    const decision = fcfs.create({ k: 1 }, made[1]);
    return {
      concurrency: 1,
      on: (...event) => {
        if (throwsNow()) throw new Error('no idea what to do');
        return decision.on(...event);
      },
    };
  },
});
