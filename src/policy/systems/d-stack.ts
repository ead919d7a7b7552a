import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'd-stack',
  about: 'Finds the knee: the share of a GPU beyond which more of it hardly makes a model faster, and the batch that makes the most of it.',
  source: 'Dhakal, Kulkarni, Ramakrishnan: D-STACK, arXiv 2304.13541; TCC 12(4), 2024, doi 10.1109/TCC.2024.3476210',
  fills: { place: 'd-stack', dispatch: 'd-stack' },
  published: ['efficacy, as the measure that batch and share are chosen by'],
  reconstructed: ['the knee from measured curves, where a step takes off less than 5 %, since the parameters of the analytic model are not published', 'the formula of efficacy is recalled, not read', 'in a run, the dispatch rule, from a recalled description: once per SLO by deadline, then the least served first'],
  runs: ['simulator', 'executor', 'planner'],
  checks: [],
});
