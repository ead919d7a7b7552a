import { defineSystem } from '../named-system.js';

export default defineSystem({
  name: 'igniter',
  about: 'Plans which models share which GPU, in which batches and with which share of its processors, from a model of their interference.',
  source: 'Xu, Xu, Chen, Chen, Shang, Zhou, Liu: iGniter, IEEE TPDS 34(3), 2023, doi 10.1109/TPDS.2022.3232715, and its released code',
  fills: { place: 'igniter', dispatch: 'as-planned' },
  published: ['the latency and interference model', 'batch, least share and packing of the released provisioning', 'the share of the standby process'],
  reconstructed: ['in a run, the interference of the profile at hand, which is iGniter’s own only where its contention model is', 'rates that the options do not give are measured, and planned for once', 'the standby process is not started when a P99 is missed', 'which residents violate: those whose predicted latency exceeds half their SLO; the rate is met by the batch', 'a workload that reaches the power cap by itself gets a larger share, or a GPU of its own, where the released program misses its budget'],
  runs: ['simulator', 'executor', 'planner'],
  checks: ['igniter'],
});
