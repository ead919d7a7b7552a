import { expect, it } from 'vitest';
import { corun, mistake } from '../cli/corun.js';
import { directoryWith } from '../cli/files.js';

const scenario = `schema: corun/scenario@1
workload:
  - app: camera
    slo_ms: 60
    variants: [{ model: quick, accuracy: 0.5 }, { model: slow, accuracy: 0.9 }]
    clients: { count: 1, think_ms: 10, think: fixed, requests: 20 }
sites: [{ name: edge, accelerators: [{ profile: { models: { quick: { solo_ms: 5 }, slow: { solo_ms: 40 } } } }] }]
alternatives:
  - { name: built in, select: mdinference }
  - { name: own, select: ./mine.mjs }
measure: { primary: effective_accuracy, replications: { min: 2, max: 2 } }
`;

/** A researcher's own select policy: one file, no import, named by its path in the scenario. */
const run = (body: string) => {
  const mine = `export default {
  name: 'mine', about: 'Mine.', source: 'Mine.', decision: 'select',
  options: { type: 'object', properties: {}, additionalProperties: false },
  create: () => ({ on(event, subject, nowMs, view, out) { ${body} return Infinity; } }),
};
`;
  return corun(['compare', directoryWith({ 'mine.mjs': mine, 'scenario.yaml': scenario }).file, '--format', 'json', '--threads', '1']);
};

it('works from the command line, and the result says which variants answered', () => {
  const { stdout, code } = run('out.choose(view.lanes.reduce((a, b) => (view.profiledMs(b) < view.leftMs - view.uploadMs && view.accuracy(b) > view.accuracy(a) ? b : a)));');
  expect(code).toBe(0);
  const { alternatives } = JSON.parse(stdout) as { alternatives: { decisions: { select: string }; metrics: object; variants: object }[] };
  expect(alternatives[1]).toMatchObject({ decisions: { select: 'mine' }, variants: { camera: { quick: 0, slow: 1 } } });
  expect(alternatives[1].metrics).toEqual(alternatives[0].metrics);
});

it.each([
  ['chooses nothing', '', /the select policy mine chose no variant; call out\.choose\(lane\) with one of view\.lanes/],
  ['chooses what is not offered', 'out.choose(7);', /mine\.mjs:4: the select policy chooses lane 7, which is not one of view\.lanes \(0, 1\)/],
])('one that %s is told in a sentence', (_what, body, message) => {
  expect(mistake(run(body))).toMatch(message);
});
