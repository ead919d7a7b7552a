// Shortest job first, as a policy of one's own. Used by scenarios/own-policy.yaml; explained in docs/adding-a-policy.md.
import { definePolicy, NEVER, NONE } from 'corun/policy';

export default definePolicy({
  name: 'shortest-first',
  about: 'Starts the waiting request whose model is fastest, up to K at once on each accelerator.',
  source: 'Textbook: shortest job first, by the measured mean of each lane.',
  decision: 'dispatch',
  options: { type: 'object', properties: { k: { type: 'integer', minimum: 1, default: 1 } }, additionalProperties: false },
  order: (request) => request.soloMs,
  create: ({ k }) => ({
    concurrency: k,
    on(event, subject, nowMs, view, out) {
      for (const accelerator of view.accelerators) {
        while (view.inFlight(accelerator) < k) {
          const lane = view.firstStartable(accelerator);
          if (lane === NONE) break;
          out.start(lane, 1, view.idleWorker(lane, accelerator));
        }
      }
      return NEVER;
    },
  }),
});
