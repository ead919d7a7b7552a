import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WorkerState } from '../../src/control/worker.js';
import { Event, NEVER } from '../../src/policy/contract.js';
import { assignToFirst } from '../../src/policy/place/assign-jobs.js';
import { capacityMiB } from '../../src/profile/memory.js';
import { stream } from '../../src/random/stream.js';
import { Refused } from '../../src/simulator/simulator.js';
import { runWithPlacement, type Placing } from '../control/with-placement.js';
import { faultyScenario } from './arbitrary.js';

/** A process that dies at once could be loaded again and again in the same moment. */
const MOST = 150;

/** Loads what fits at the start, then loads and evicts at random whenever it is asked. */
function atRandom(seed: number, counts: { loads: number; evictions: number }): Placing {
  const draw = stream('placement', seed);
  const oneOf = (list: readonly number[]): number => list[Math.floor(draw() * list.length)];
  let commands = 0;
  return (event, _subject, nowMs, view, out) => {
    if (event === Event.start) assignToFirst(view, out);
    for (let i = 0; i < 2 && commands < MOST && view.accelerators.length > 0; i++) {
      const accelerator = oneOf(view.accelerators);
      const lanes = view.lanes.filter((lane) => view.siteOfLane(lane) === view.siteOf(accelerator) && view.workerMiB(lane, accelerator) < Infinity);
      const lane = oneOf(lanes);
      const workers = view.workersOn(accelerator);
      if (draw() < 0.5 && workers.length > 0) {
        commands++;
        counts.evictions++;
        out.evict(oneOf(workers));
      } else if (lanes.length > 0 && (event !== Event.start || view.workerMiB(lane, accelerator) <= view.freeMiB(accelerator))) {
        commands++;
        counts.loads++;
        out.load(lane, accelerator);
      }
    }
    return draw() < 0.5 ? NEVER : nowMs + 1 + 20 * draw();
  };
}

it('the books balance and the memory is right whatever is loaded and evicted, whatever breaks: 1,500 random scripts', { timeout: 300_000 }, async () => {
  const counts = { loads: 0, evictions: 0, answered: 0, outOfMemory: 0 };
  await fc.assert(
    fc.asyncProperty(faultyScenario, fc.nat(), fc.boolean(), async (alternative, seed, restores) => {
      try {
        // The invariants once, causal, little, memory and busy throw by themselves.
        const { measured, simulator } = await runWithPlacement(alternative, atRandom(seed, counts), { events: Object.values(Event), restores });
        const { control } = simulator;
        for (const { born, answered, rejected, failed, unfinished } of measured.apps) {
          expect(born, 'each ends once').toBe(answered + rejected + failed + unfinished);
          counts.answered += answered;
        }
        counts.outOfMemory += measured.outOfMemory;
        control.system.accelerators.forEach(({ profile }, id) => {
          const living = control.workers.filter((w) => w.accelerator === id && w.state !== WorkerState.dead);
          const jobs = control.outages.isLost(id) ? [] : control.system.jobs.filter((_, job) => control.jobs.accelerator[job] === id);
          const owned = (profile.accelerator?.fixed_mib ?? 0) + living.reduce((sum, w) => sum + w.memoryMiB, 0) + jobs.reduce((sum, { model }) => sum + (profile.training?.[model].memory_mib ?? 0), 0);
          expect(control.memoryMiB[id], 'control counts what lives').toBeCloseTo(owned, 6);
          expect(simulator.memoryInUseMiB(id), 'what is in use fits').toBeLessThanOrEqual(capacityMiB(profile) * (1 + 1e-9));
          const rooted = living.filter((w) => !simulator.isDoomed(w.id)).reduce((sum, w) => sum + w.memoryMiB, 0);
          expect(simulator.memoryInUseMiB(id), 'the simulator counts what has room').toBeCloseTo(owned - living.reduce((sum, w) => sum + w.memoryMiB, 0) + rooted, 6);
          expect(control.inFlight[id], 'those that hang are in flight still').toBe(living.filter((w) => w.batchSize > 0).length);
        });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }),
    { numRuns: 1500 },
  );
  expect(counts.loads).toBeGreaterThan(10_000);
  expect(counts.evictions).toBeGreaterThan(10_000);
  expect(counts.answered).toBeGreaterThan(10_000);
  expect(counts.outOfMemory).toBeGreaterThan(100);
});
