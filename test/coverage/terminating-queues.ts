import { definitionsOf, hire, systemOf } from '../../src/experiment/assemble.js';
import { sourcesOf } from '../../src/experiment/arrivals.js';
import type { Seed } from '../../src/random/stream.js';
import type { Witness } from '../../src/measurement/witness.js';
import { Simulator } from '../../src/simulator/simulator.js';
import { alternative, poisson, profileOf } from '../simulator/alternative.js';

/** One replication: so many independent M/M/1 queues with μ = 1 per ms, each a site of its own, from the empty system to the last answer. */
export interface Shape {
  load: number;
  queues: number;
  /** Of each queue. */
  requests: number;
}

/** Mean sojourn time, over all queues, in each of the replications 0, 1, …. */
export async function replications({ load, queues, requests }: Shape, seed: Seed, count: number): Promise<Float64Array> {
  const profile = profileOf({ solo_ms: 1, spread: { distribution: 'exponential' } });
  const names = Array.from({ length: queues }, (_, i) => `queue ${i}`);
  const setup = alternative({
    workload: names.map((name) => ({ ...poisson(1000 * load, requests, name), stages: [{ model: 'm', site: name }] })),
    sites: Object.fromEntries(names.map((name) => [name, [profile]])),
    seed,
  });
  const system = systemOf(setup);
  // Policies that keep nothing from one event to the next serve all replications; making them takes longer than a short run.
  const bundle = hire(setup, system, await definitionsOf(setup), seed, 0);
  const values = new Float64Array(count);
  const ignore = (): void => undefined;
  for (let replication = 0; replication < count; replication++) {
    let sum = 0;
    const witness: Witness = {
      detailed: false,
      ended: (request, _outcome, nowMs) => (sum += nowMs - simulator.control.requests.bornMs[request]),
      windowBegan: ignore,
      windowEnded: ignore,
      sampled: ignore,
      workerDoes: ignore,
      jobDoes: ignore,
      faulted: () => undefined,
    epochEnded: ignore,
    };
    const options = { seed, replication, network: {}, horizonMs: Infinity, warmUpMs: 0, drainMs: Infinity, refuseOutside: true };
    const simulator: Simulator = new Simulator(system, bundle, await sourcesOf(setup, seed, replication), options, witness);
    await simulator.run();
    values[replication] = sum / (queues * requests);
  }
  return values;
}

/**
 * The expectation of such a value, exactly: the mean sojourn time of the first `requests` that come to an empty M/M/1 queue with μ = 1.
 *
 * Arrival n sees Xₙ requests and stays Xₙ + 1 on average. Between two arrivals as many leave as there are services before the
 * next arrival, each with probability q = μ/(λ + μ): P(Xₙ₊₁ = j) = (1 − q) Hⱼ and P(Xₙ₊₁ = 0) = q H₁ with
 * Hⱼ = Σ over i ≥ j − 1 of P(Xₙ = i) q^(i + 1 − j), which is P(Xₙ = j − 1) + q Hⱼ₊₁.
 */
export function expectedSojourn({ load, requests }: Shape): number {
  const q = 1 / (1 + load);
  let seen = new Float64Array(requests + 2);
  seen[0] = 1;
  let sum = 0;
  for (let n = 0; n < requests; n++) {
    for (let i = 0; i <= n; i++) sum += (i + 1) * seen[i];
    const next = new Float64Array(requests + 2);
    let h = 0;
    for (let j = n + 1; j >= 1; j--) {
      h = seen[j - 1] + q * h;
      next[j] = (1 - q) * h;
    }
    next[0] = q * h;
    seen = next;
  }
  return sum / requests;
}
