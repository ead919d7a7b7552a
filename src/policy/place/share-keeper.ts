import { Process, type PlaceCommands, type PlaceView } from '../contract.js';

/**
 * Keeps one worker of each lane, on each accelerator that was asked for, at the share that was asked for. A share is fixed
 * when a process starts, so a change loads a standby with the new share while the old worker serves on, and evicts that when
 * the standby is there (Dhakal et al., IEEE CLOUD 2021). Where the memory does not hold both, the old one goes first, and the
 * lane waits for the load.
 */
export class ShareKeeper {
  /** Shares by accelerator, by lane. */
  private readonly wanted = new Map<number, ReadonlyMap<number, number>>();

  /** Asks for workers of this lane on these accelerators with these shares and on no others, and begins to bring it about. */
  want(lane: number, shares: ReadonlyMap<number, number>, view: PlaceView, out: PlaceCommands): void {
    this.wanted.set(lane, shares);
    this.bringAbout(lane, view, out);
  }

  /** What is asked for, in percent; undefined if nothing is. */
  shareOf(lane: number, accelerator: number): number | undefined {
    return this.wanted.get(lane)?.get(accelerator);
  }

  /** A worker came to rest: it may be a standby that takes over. */
  free(worker: number, view: PlaceView, out: PlaceCommands): void {
    this.bringAbout(view.laneOf(worker), view, out);
  }

  /** A worker went: there may be room for a standby that found none. */
  evicted(view: PlaceView, out: PlaceCommands): void {
    for (const lane of this.wanted.keys()) this.bringAbout(lane, view, out);
  }

  private bringAbout(lane: number, view: PlaceView, out: PlaceCommands): void {
    const shares = this.wanted.get(lane);
    if (shares === undefined) return;
    const workersOn = (accelerator: number): number[] => view.workersOn(accelerator).filter((w) => view.laneOf(w) === lane && view.process(w) !== Process.leaving);
    let complete = true;
    for (const accelerator of view.accelerators) {
      const share = shares.get(accelerator);
      if (share === undefined) continue;
      const there = workersOn(accelerator);
      const right = there.filter((w) => view.shareOf(w) === share);
      const serving = right.find((w) => view.process(w) !== Process.loading);
      if (serving !== undefined) for (const worker of there) if (worker !== serving) out.evict(worker);
      if (serving === undefined) complete = false;
      if (right.length > 0) continue;
      const fits = (): boolean => view.workerMiB(lane, accelerator) <= view.freeMiB(accelerator);
      if (!fits()) for (const worker of there) out.evict(worker);
      if (fits()) out.load(lane, accelerator, share);
    }
    if (!complete) return;
    for (const accelerator of view.accelerators) if (!shares.has(accelerator)) for (const worker of workersOn(accelerator)) out.evict(worker);
  }
}
