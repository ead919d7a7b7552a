/** One variant that a site could hold. */
export interface Candidate {
  model: number;
  app: string;
  /** Fraction of right answers. */
  accuracy: number;
  sizeMiB: number;
  soloMs: number;
  /** Requests per second of its app at this site. */
  demandRps: number;
}

/**
 * The best models that fit a storage, most wanted first. Apps take their turn by demand, the busiest first. In the first round
 * each gets its most accurate variant that fits beside the smallest variant of each app that is still to come; in the
 * second its fastest; then what else fits, by demand × accuracy. Models that several apps share are held once.
 *
 * Reconstructed for MODI (Ogden and Guo, HotEdge 2018), whose manager gives each edge "the best models that fit its storage":
 * neither the measure of best nor the order is published.
 */
export function bestThatFit(candidates: readonly Candidate[], capacityMiB: number): number[] {
  const chosen: number[] = [];
  let leftMiB = capacityMiB;
  const take = ({ model, sizeMiB }: Candidate): void => {
    if (chosen.includes(model)) return;
    chosen.push(model);
    leftMiB -= sizeMiB;
  };
  const costMiB = ({ model, sizeMiB }: Candidate): number => (chosen.includes(model) ? 0 : sizeMiB);
  const demand = new Map<string, number>();
  for (const { app, demandRps } of candidates) demand.set(app, Math.max(demand.get(app) ?? 0, demandRps));
  const apps = [...demand.keys()].sort((a, b) => demand.get(b)! - demand.get(a)!);
  const of = (app: string): Candidate[] => candidates.filter((c) => c.app === app);
  const best = (of: readonly Candidate[]): Candidate | undefined => [...of].sort((a, b) => b.accuracy - a.accuracy || a.soloMs - b.soloMs)[0];

  for (const [i, app] of apps.entries()) {
    // The smallest variants of the apps that are still to come, of which this one may be one itself.
    const reserveMiB = (c: Candidate): number => {
      let sum = 0;
      for (const other of apps.slice(i + 1)) sum += Math.min(...of(other).map((o) => (o.model === c.model ? 0 : costMiB(o))));
      return sum;
    };
    const fitting = of(app).filter((c) => costMiB(c) <= leftMiB);
    const chosenOne = best(fitting.filter((c) => costMiB(c) + reserveMiB(c) <= leftMiB)) ?? best(fitting);
    if (chosenOne !== undefined) take(chosenOne);
  }
  for (const app of apps) {
    const fastest = of(app).sort((a, b) => a.soloMs - b.soloMs)[0];
    if (costMiB(fastest) <= leftMiB) take(fastest);
  }
  const rest = [...candidates].sort((a, b) => b.demandRps * b.accuracy - a.demandRps * a.accuracy || b.accuracy - a.accuracy);
  for (const candidate of rest) if (costMiB(candidate) <= leftMiB) take(candidate);
  return chosen;
}
