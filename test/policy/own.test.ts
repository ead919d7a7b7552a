import { expect, it } from 'vitest';
import { corun, mistake } from '../cli/corun.js';
import { directoryWith, scenario } from '../cli/files.js';

// A researcher's own policy: one file, no import, named by its path in the scenario.
const policy = (body: string, rest = ''): string => `export default {
  name: 'mine', about: 'Mine.', source: 'Mine.', decision: 'dispatch',
  options: { type: 'object', properties: { most: { type: 'integer', minimum: 1, default: 1 } }, additionalProperties: false },
  ${rest}
  create: ({ most }) => ({
    on(event, subject, nowMs, view, out) {
      ${body}
    },
  }),
};
`;

const serve = `for (const accelerator of view.accelerators)
        while (view.inFlight(accelerator) < most) {
          const lane = view.firstStartable(accelerator);
          if (lane < 0) break;
          out.start(lane, 1, view.idleWorker(lane, accelerator));
        }
      return Infinity;`;

function run(mine: string, options = '', threads = '1') {
  const { file } = directoryWith({
    'mine.mjs': mine,
    'scenario.yaml': scenario.replace('{ name: two, dispatch: { policy: fcfs, k: 2 } }', `{ name: mine, dispatch: { policy: ./mine.mjs${options} }, place: { policy: all-on-one, copies: 2 } }`),
  });
  return corun(['compare', file, '--format', 'json', '--threads', threads]);
}

type Printed = { alternatives: { name: string; decisions: { dispatch: string }; metrics: Record<string, { mean: number }> }[] };

it('works from the command line, with its own options, on one thread and on two', () => {
  const one = run(policy(serve));
  expect(one.stderr).toBe('');
  expect(one.code).toBe(0);
  const { alternatives } = JSON.parse(one.stdout) as Printed;
  expect(alternatives[1]).toMatchObject({ name: 'mine', decisions: { dispatch: 'mine' } });
  // It does what fcfs with k = 1 does.
  expect(alternatives[1].metrics).toEqual(alternatives[0].metrics);
  const two = JSON.parse(run(policy(serve), ', most: 2').stdout) as Printed;
  expect(two.alternatives[1].metrics.goodput_rps.mean).toBeGreaterThan(alternatives[0].metrics.goodput_rps.mean);
  expect((JSON.parse(run(policy(serve), '', '2').stdout) as Printed).alternatives).toEqual(alternatives);
});

it('a wrong option is told by its place in the scenario', () => {
  expect(mistake(run(policy(serve), ', most: 0'))).toMatch(/scenario\.yaml:\d+:\d+.*most.*found 0/s);
  expect(mistake(run(policy(serve), ', mots: 2'))).toMatch(/did you mean most\?/);
});

it.each<[string, string, RegExp]>([
  ['throws', `throw new Error('no luck');`, /mine\.mjs:7: the dispatch policy mine threw Error: no luck/],
  ['calls what is not there', 'view.nothing();', /mine\.mjs:7: the dispatch policy mine threw TypeError: view\.nothing is not a function/],
  [
    'starts a busy worker',
    'if (view.queued(0) > 1) { const w = view.idleWorker(0, 0); out.start(0, 1, w); out.start(0, 1, w); } return Infinity;',
    /mine\.mjs:7: the dispatch policy starts worker \d, which is not an idle worker of lane 0/,
  ],
  ['starts no worker', 'if (view.queued(0) > 0) out.start(0, 1, -1); return Infinity;', /mine\.mjs:7: the dispatch policy starts worker -1, which is not an idle worker of lane 0/],
  ['starts more than wait', 'if (view.queued(0) > 0) out.start(0, 9, view.idleWorker(0, 0)); return Infinity;', /starts 9 requests of a lane in which 1 wait/],
  ['rejects from an empty lane', 'out.rejectHead(0); return Infinity;', /mine\.mjs:7: the dispatch policy rejects from lane 0, in which nothing waits/],
  ['rejects from a lane that does not exist', 'out.rejectHead(7); return Infinity;', /mine\.mjs:7: the dispatch policy/],
  ['spawns where nothing is', 'if (view.queued(0) > 0) out.spawn(0, 5); return Infinity;', /mine\.mjs:7: the dispatch policy spawns a worker for lane 0 on accelerator 5, which is elsewhere, lost, or does not know model cnn/],
  ['forgets to return the wake-up', '', /the dispatch policy mine returned undefined from on\(\); it must return the time of the next wake-up in ms, later than now, or NEVER/],
  ['returns what is no time', 'return NaN;', /returned NaN from on\(\)/],
])('one that %s is told in a sentence', (_what, body, message) => {
  expect(mistake(run(policy(body)))).toMatch(message);
});

it('it is told the same from a thread', () => {
  expect(mistake(run(policy('out.rejectHead(0); return Infinity;'), '', '2'))).toMatch(/mine\.mjs:7: the dispatch policy rejects from lane 0, in which nothing waits/);
});

it('one that throws while it is made', () => {
  expect(mistake(run(policy(serve).replace('({ most }) => ({', '({ most }) => most.nothing.at.all && ({')))).toMatch(/mine\.mjs:5: the dispatch policy mine threw TypeError/);
});

it('one that fills in another decision', () => {
  expect(mistake(run(policy(serve).replace(`decision: 'dispatch'`, `decision: 'retrain'`)))).toContain('it decides "retrain", so write retrain: instead of dispatch: in the scenario');
});

it('one with an order that serves the latest first', () => {
  const { alternatives } = JSON.parse(run(policy(serve, 'order: (request) => -request.arrivedMs,')).stdout) as Printed;
  // The same work in another order: the mean is not that of first come, first served, the throughput is.
  expect(alternatives[1].metrics.latency_p99_ms.mean).toBeGreaterThan(alternatives[0].metrics.latency_p99_ms.mean);
});

it.each<[string, string, RegExp]>([
  ['an order that is no number', policy(serve, 'order: (request) => request.deadline,'), /the dispatch policy mine returned undefined from order\(\); it must return a number, smallest first/],
  ['a misspelt field', policy(serve, 'oder: (request) => request.deadlineMs,'), /unknown field "oder"; did you mean order\?/],
  ['no on()', policy(serve).replace('on(event', 'onn(event'), /create\(\) must return an object with on\(event, subject, nowMs, view, out\)/],
  ['a create that is async', policy(serve).replace('create: (', 'create: async ('), /create\(\) must return an object with on/],
  ['a wake-up at the present moment, for ever', policy('return nowMs;'), /it must return the time of the next wake-up in ms, later than now/],
])('%s is told in a sentence', (_what, mine, message) => {
  expect(mistake(run(mine))).toMatch(message);
});

it('what a policy prints does not end up in the result', () => {
  const { stdout, stderr } = run(policy(`console.log('asked'); ${serve}`));
  expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  expect(stderr).toContain('asked');
});
