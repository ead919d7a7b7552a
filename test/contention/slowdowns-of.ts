import type { ActivityClass, Contention } from '../../src/contention/contract.js';

export const UNTOUCHED = -7;

/** Classes from 'inference:resnet50' and the like. */
export const classesOf = (...names: string[]): ActivityClass[] =>
  names.map((name) => {
    const [kind, model] = name.split(':');
    return { kind: kind as ActivityClass['kind'], model };
  });

/** Slowdowns as a list, with UNTOUCHED where the model wrote nothing, and what lies outside. */
export function slowdownsOf(contention: Contention, ...counts: number[]): { slowdown: number[]; outside: string | undefined } {
  const slowdown = new Float64Array(counts.length).fill(UNTOUCHED);
  const outside = contention.slowdowns(Int32Array.from(counts), slowdown);
  return { slowdown: [...slowdown], outside };
}
