import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { directoryOf, profile, scenario } from './files.js';

const windows = [{ for_s: 10, rate_rps: 5, cv: 1.5 }];

async function workloadOf(arrivals: string, fitted: string) {
  const directory = directoryOf({ 'toy.json': profile, 'fitted.json': fitted, 's.yaml': scenario.replace('{ process: gamma, rate_rps: 10, cv: 2 }', arrivals) });
  return (await resolveAlternatives(await loadScenario(`${directory}/s.yaml`, [])))[0].scenario.workload[0].arrivals;
}

const told = (arrivals: string, fitted = '{}'): Promise<string> =>
  workloadOf(arrivals, fitted).then(
    () => 'no error',
    (error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      return error.message.replace(/^.*?: workload/, 'workload');
    },
  );

describe('arrivals fitted to a trace', () => {
  it('are read from their file, or stand in the scenario', async () => {
    expect(await workloadOf('{ process: fitted, file: fitted.json }', JSON.stringify({ process: 'fitted', windows }))).toEqual({ process: 'fitted', windows });
    expect(await workloadOf('{ process: fitted, windows: [{ for_s: 10, rate_rps: 5, cv: 1.5 }] }', '{}')).toEqual({ process: 'fitted', windows });
  });

  it.each([
    ['{ process: fitted }', '{}', 'workload.0.arrivals: exactly one of file, windows is needed, none is there'],
    ['{ process: fitted, file: fitted.json }', '{}', 'workload.0.arrivals.file: fitted.json is not what corun trace fit writes for the process fitted: it has no windows'],
    ['{ process: fitted, file: fitted.json }', '[]', 'workload.0.arrivals.file: fitted.json is not what corun trace fit writes for the process fitted: it has no windows'],
    ['{ process: fitted, file: fitted.json }', '{ "windows": [{ "for_s": 0, "rate_rps": 1, "cv": 1 }] }', 'workload.0.arrivals.file: fitted.json is not what corun trace fit writes for the process fitted: windows.0.for_s: found 0'],
  ])('%s with %s', async (arrivals, fitted, message) => {
    expect(await told(arrivals, fitted)).toContain(message);
  });
});
