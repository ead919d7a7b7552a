import type { PlaceCommands, PlaceView } from '../contract.js';

/** Puts each retraining job on the first accelerator of its site that knows it; refuses where it does not fit. */
export function assignToFirst(view: PlaceView, out: PlaceCommands): void {
  for (const job of view.jobs) {
    const there = view.accelerators.filter((a) => view.siteOf(a) === view.siteOfJob(job));
    const accelerator = there.find((a) => view.jobMiB(job, a) < Infinity) ?? there[0];
    const needMiB = view.jobMiB(job, accelerator);
    if (needMiB === Infinity || needMiB > view.freeMiB(accelerator)) {
      out.refuse(
        needMiB === Infinity
          ? `the profile of ${view.acceleratorName(accelerator)} does not know the retraining model`
          : `retraining needs ${Math.round(needMiB)} MiB on ${view.acceleratorName(accelerator)}, ${Math.round(view.freeMiB(accelerator))} MiB are free`,
      );
    } else out.assign(job, accelerator);
  }
}
