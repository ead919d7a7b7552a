import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { directoryOf, profile, scenario } from './files.js';

async function resolved(faults: string): Promise<Scenario> {
  const directory = directoryOf({ 'toy.json': profile, 's.yaml': `${scenario}${faults}\n` });
  return (await resolveAlternatives(await loadScenario(`${directory}/s.yaml`, [])))[0].scenario;
}

async function told(fault: string): Promise<string> {
  const error = await resolved(`faults: [${fault}]`).then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InputError)) throw error;
  return error.message.replace(/^.*?: faults/, 'faults');
}

describe('faults in a scenario', () => {
  it('are read with times in ms, and workers are watched where they can hang', async () => {
    const { faults, supervision } = await resolved(
      'faults: [{ at_s: 120, kill: worker, site: edge }, { mean_every_s: 60, lose: accelerator, mean_for_s: 5 }, { at_s: 1, hang: worker, app: plants, for_s: 2 }, { at_s: 3, cut: link }]',
    );
    expect(faults).toEqual([
      { kind: 'kill worker', when: { atMs: 120_000 }, site: 'edge' },
      { kind: 'lose accelerator', when: { meanEveryMs: 60_000 }, lasts: { meanForMs: 5000 } },
      { kind: 'hang worker', when: { atMs: 1000 }, lasts: { forMs: 2000 }, app: 'plants' },
      { kind: 'cut link', when: { atMs: 3000 }, direction: 'both' },
    ]);
    expect(supervision).toEqual({ retries: 1, restart_after_s: 1, longest_restart_s: 60, hang_after_s: 10 });
    expect((await resolved('faults: [{ at_s: 1, kill: worker }]')).supervision).not.toHaveProperty('hang_after_s');
    expect((await resolved('supervision: { retries: 3 }')).supervision.retries).toBe(3);
  });

  it.each([
    ['{ at_s: 1 }', 'faults.0: exactly one of kill, hang, lose, cut, fail is needed, none is there; for example { at_s: 120, kill: worker }'],
    ['{ at_s: 1, kill: worker, lose: site }', 'faults.0: exactly one of kill, hang, lose, cut, fail is needed, found kill and lose; for example { at_s: 120, kill: worker }'],
    ['{ kill: worker }', 'faults.0: exactly one of at_s (once) and mean_every_s (again and again) is needed, none is there'],
    ['{ kill: worker, at_s: 1, mean_every_s: 2 }', 'faults.0: exactly one of at_s (once) and mean_every_s (again and again) is needed, found both'],
    ['{ kill: worker, at_s: 1, for_s: 2 }', 'faults.0.for_s: "kill worker" happens at one moment and does not last; leave for_s out'],
    ['{ hang: worker, at_s: 1, for_s: 2, mean_for_s: 3 }', 'faults.0.mean_for_s: for_s is given as well; one of them is enough'],
    ['{ lose: accelerator, at_s: 1, app: plants }', 'faults.0.app: "lose accelerator" has no app; it can be narrowed by site, accelerator'],
    ['{ lose: accelerator, at_s: 1, accelerator: edge/gpu1 }', 'faults.0.accelerator: there is no accelerator "edge/gpu1"; did you mean edge/gpu0? (known: edge/gpu0)'],
    ['{ kill: worker, at_s: 1, app: plant }', 'faults.0.app: there is no app "plant"; did you mean plants? (known: plants, batch)'],
    ['{ lose: site, at_s: 1, site: egde }', 'faults.0.site: there is no site "egde"; did you mean edge? (known: edge)'],
    ['{ lose: link, at_s: 1 }', 'faults.0.lose: found "link" (allowed: accelerator, site, manager)'],
    ['{ kil: worker, at_s: 1 }', 'faults.0.kil: unknown field; did you mean kill?'],
    ['{ kill: worker, at_s: -1 }', 'faults.0.at_s: found -1, a number of seconds of at least 0 is needed'],
  ])('%s', async (fault, message) => {
    expect(await told(fault)).toContain(message);
  });
});
