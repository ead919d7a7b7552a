import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { policies } from '../policy/policies.js';
import type { NamedProfile, PolicyChoice, ResolvedAlternative, Retraining, Workload } from '../scenario/scenario.js';
import { referenceLoop } from './reference-loop.js';
import { replicate } from './replication.js';

/** An alternative made in code: one app, one accelerator. */
function alternativeOf(profile: NamedProfile, workload: Workload, retraining: Retraining[], dispatch: PolicyChoice): ResolvedAlternative {
  return {
    name: dispatch.policy,
    scenario: {
      schema: 'corun/scenario@1',
      workload: [workload],
      network: {},
      sites: [{ name: 'edge', accelerators: [{ profile, count: 1 }] }],
      retraining,
      faults: [],
      supervision: { retries: 1, restart_after_s: 1, longest_restart_s: 60 },
      extrapolation: 'label',
      measure: { primary: 'latency_mean_ms', metrics: [], replications: { min: 20, max: 20, relative_half_width: 0.02 }, parameter_draws: 0, warm_up: 'none' },
      seed: 1,
    },
    accelerators: [{ site: 0, name: 'edge/gpu0', profile }],
    policies: {
      route: { policy: 'fixed', options: {} },
      select: { policy: 'fixed', options: {} },
      dispatch,
      retrain: { policy: retraining.length > 0 ? 'continuous' : 'never', options: {} },
      place: { policy: 'all-on-one', options: {} },
    },
  };
}

const poisson = (rateRps: number, requests: number): Workload => ({
  app: 'camera',
  stages: [{ model: 'cnn' }],
  slo_ms: 50,
  arrivals: { process: 'poisson', rate_rps: rateRps, requests },
});

const exponential: NamedProfile = { name: 'exponential', models: { cnn: { solo_ms: 1, spread: { distribution: 'exponential' } } } };

/** A GPU with contention measured up to four inferences beside a retraining job, and slices to wait for. */
const shared: NamedProfile = {
  name: 'shared',
  models: { cnn: { solo_ms: 3, spread: { distribution: 'lognormal', cv: 0.05 } } },
  training: { cnn: { batch: 16, epoch_s: 226, slice: { busy: 0.45, length_ms: 2 } } },
  contention: {
    model: 'table',
    inference: { jobs: [1, 2, 3, 4], slowdown: [1, 1.43, 1.99, 2.69] },
    inference_beside_training: { cnn: 1.1 },
    training: { cnn: { jobs: [0, 1, 2, 4], slowdown: [1, 1.08, 1.17, 1.82] } },
  },
};

const mm1 = (requests: number): ResolvedAlternative => alternativeOf(exponential, poisson(800, requests), [], { policy: 'fcfs', options: { k: 1 } });

const coRun = (requests: number, dispatch: PolicyChoice): ResolvedAlternative =>
  alternativeOf(shared, poisson(400, requests), [{ model: 'cnn', batch: 16, site: 'edge' }], dispatch);

const corunK4: PolicyChoice = { policy: 'corun', options: { latency_tolerance: 1, epoch_tolerance: 1, k_cap: 4 } };

const run = (alternative: ResolvedAlternative): Promise<unknown> => replicate({ alternative, replication: 0, warmUpMs: 0 });

/**
 * Requests per second that this machine simulates in one thread, best of the repetitions that fit into the time.
 * Every dispatch policy runs first, so that no figure profits from a call site that has seen one policy only.
 *
 * @param seconds time for each figure
 */
export async function bench(seconds: number, onFigure: (name: string) => void): Promise<Record<string, number>> {
  for (const definition of Object.values(policies.dispatch)) {
    const options = Value.Default(definition.options as TSchema, {}) as Record<string, unknown>;
    await run(coRun(2_000, { policy: definition.name, options }));
  }
  const figures: Record<string, number> = {};
  const measure = async (name: string, requests: number, work: (requests: number) => unknown): Promise<void> => {
    onFigure(name);
    await work(requests / 10);
    const until = performance.now() + seconds * 1000;
    let best = 0;
    do {
      const startedMs = performance.now();
      await work(requests);
      best = Math.max(best, (1000 * requests) / (performance.now() - startedMs));
    } while (performance.now() < until);
    figures[name] = best;
  };
  await measure('simulate_requests_per_s', 500_000, (n) => run(coRun(n, corunK4)));
  await measure('mm1_requests_per_s', 1_000_000, (n) => run(mm1(n)));
  await measure('reference_loop_requests_per_s', 1_000_000, (n) => referenceLoop(n, 0.8, 1));
  figures.mm1_share_of_reference = figures.mm1_requests_per_s / figures.reference_loop_requests_per_s;
  return figures;
}
