import type { Profile } from './schema.js';

/** Memory that processes on an accelerator can take together, in MiB; Infinity if the profile sets no limit. */
export function capacityMiB({ accelerator }: Profile): number {
  return accelerator?.memory_mib ?? Infinity;
}

/** Sums of MiB in another order may differ by their last digits, which is no reason for a process to die. */
const ROUNDING_MIB = 1e-6;

/** Whether a process that needs so much fits beside what is used already. */
export function fits(usedMiB: number, needMiB: number, capacity: number): boolean {
  return usedMiB + needMiB <= capacity + ROUNDING_MIB;
}

/** What is left of the memory, such that a process of exactly that size fits. */
export function freeMiB(usedMiB: number, capacity: number): number {
  return capacity - usedMiB + ROUNDING_MIB / 2;
}
