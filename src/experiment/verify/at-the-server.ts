import type { ResolvedAlternative } from '../../scenario/scenario.js';

/**
 * The part of an alternative that one machine can show: what goes on at the server. Real requests come without a radio and nothing is
 * broken on purpose, so networks and faults are left out of the simulation as well.
 *
 * @returns notes say what was left out
 */
export function atTheServer(alternative: ResolvedAlternative): { alternative: ResolvedAlternative; notes: string[] } {
  const { scenario } = alternative;
  const hasNetwork = Object.keys(scenario.network).length > 0 || scenario.sites.some(({ network }) => network !== undefined);
  const notes = [
    ...(hasNetwork ? ['The network is left out on both sides: what is compared begins and ends at the server.'] : []),
    ...(scenario.faults.length > 0 ? ['Faults are left out on both sides.'] : []),
  ];
  const sites = scenario.sites.map(({ network: _, ...site }) => site);
  return { alternative: { ...alternative, scenario: { ...scenario, network: {}, faults: [], sites } }, notes };
}
