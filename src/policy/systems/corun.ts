import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'corun',
  about: 'K inferences, first come, first served, beside one retraining job that never stops, all on one GPU; K is found beforehand.',
  source: 'Liu, Andhare, Kang: Corun, Sensors 24(16), 5262, 2024, doi 10.3390/s24165262',
  fills: { dispatch: 'corun', retrain: 'continuous', place: 'all-on-one' },
  published: ['the search for K over all combinations of K models, offline', 'the memory gate', 'first come, first served up to K', 'continuous retraining'],
  reconstructed: ['the thresholds of the search: latency may grow in proportion to K, the epoch to K + 1'],
  runs: ['simulator', 'executor'],
  checks: ['corun'],
});
