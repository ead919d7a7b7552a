import { fitContention, type ContentionFit } from '../../../src/contention/fit/fit.js';
import type { GroupKey, ObservedGroup } from '../../../src/contention/fit/group.js';
import { median } from '../../../src/contention/fit/medians.js';
import { laws, situation } from './laws.js';
import { inference, syntheticGroup, training } from './synthetic.js';

/** Time alone, ms. */
export const alone = (k: GroupKey): number => (k.workload === 'inference' ? 20 : 1000);
/** A group as it would be measured if a law were true. */
export const make = (law: string, k: GroupKey, seed: number): ObservedGroup => syntheticGroup(k, alone(k) * laws[law].slowdown(situation(k)), seed);
export const observed = (g: ObservedGroup): number => median(g.clusters.flatMap((c) => [...c.keptMs]));
/** Groups that are fitted, and groups inside of them that are asked for. */
export const keys = [...[1, 2, 3, 4, 6, 8].map((n) => inference(n)), ...[1, 2, 4, 6].map((n) => inference(n, 1)), ...[0, 1, 2, 4, 6].map((n) => training(n))];
export const inside = [...[2, 3, 5, 7, 8].map((n) => inference(n)), ...[2, 3, 5].map((n) => inference(n, 1)), ...[2, 3, 5].map(training)];
export const fitOf = (law: string, seed: number, draws = 60): ContentionFit => fitContention(keys.map((k) => make(law, k, seed)), { draws });
