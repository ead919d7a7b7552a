import type { Profile } from './schema.js';

/** Shares, in percent, that a process can be started with there, ascending; empty where the profile does not say what they cost. */
export const legalShares = (profile: Profile): readonly number[] => profile.shares?.percent ?? [];

/** Time alone at a legal share over the time with the whole accelerator. */
export function stretchOf({ shares }: Profile, sharePercent: number): number {
  return shares?.stretch?.[shares.percent.indexOf(sharePercent)] ?? 1;
}
