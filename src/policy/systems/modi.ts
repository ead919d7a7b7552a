import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'modi',
  about: 'The phone decides for each request between phone and edge, the edge decides which model, and a central manager keeps the best models at the edges.',
  source: 'Ogden, Guo: MODI, HotEdge 2018',
  fills: { route: 'modi', select: 'modi', place: 'modi' },
  published: ['the three tiers and what each of them knows', 'load and inference times of four phones, and transfer times of five networks, read off its figures'],
  reconstructed: ['every formula: the times that are compared, which models are best for a storage, when the manager looks again', 'probes of the network by requests that would have stayed on the phone'],
  runs: ['simulator', 'executor'],
  checks: [],
});
