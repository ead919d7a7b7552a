import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

/** An accelerator without a stated memory has room for all but what its profile does not know, which needs Infinity. */
const fits = (needMiB: number, freeMiB: number): boolean => needMiB < Infinity && needMiB <= freeMiB;

export default definePolicy<'place'>({
  name: 'one-task-per-accelerator',
  about: 'Each app and each retraining job has an accelerator of its own.',
  source: 'The usual way that Corun is compared with: a whole GPU for each task (Sensors 24(16), 2024).',
  decision: 'place',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    on(_event, _subject, _nowMs, view, out) {
      const sites = new Set([...view.lanes.map((l) => view.siteOfLane(l)), ...view.jobs.map((j) => view.siteOfJob(j))]);
      for (const site of sites) {
        const free = view.accelerators.filter((a) => view.siteOf(a) === site);
        // The variants of one model are one task.
        const lanes = view.lanes.filter((l) => view.siteOfLane(l) === site && view.variant(l) === 0);
        const jobs = view.jobs.filter((j) => view.siteOfJob(j) === site);
        if (free.length < lanes.length + jobs.length) {
          out.refuse(
            `${lanes.length} apps and ${jobs.length} retraining jobs need ${lanes.length + jobs.length} accelerators, there are ${free.length}: ` +
              `set: { sites.${site}.accelerators.0.count: ${lanes.length + jobs.length} }`,
          );
          continue;
        }
        for (const lane of lanes) {
          const at = free.findIndex((a) => fits(view.workerMiB(lane, a), view.freeMiB(a)));
          if (at < 0) out.refuse(`no free accelerator knows the model of app ${view.app(lane)} or has the memory for it`);
          else {
            const [own] = free.splice(at, 1);
            out.load(lane, own);
            const following = view.lanes.slice(view.lanes.indexOf(lane) + 1);
            const end = following.findIndex((l) => view.variant(l) === 0);
            for (const next of end < 0 ? following : following.slice(0, end)) if (fits(view.workerMiB(next, own), view.freeMiB(own))) out.load(next, own);
          }
        }
        for (const job of jobs) {
          const at = free.findIndex((a) => fits(view.jobMiB(job, a), view.freeMiB(a)));
          if (at < 0) out.refuse('no free accelerator knows the retraining model or has the memory for it');
          else out.assign(job, free.splice(at, 1)[0]);
        }
      }
      return NEVER;
    },
  }),
});
