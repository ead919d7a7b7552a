import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE, type DispatchCommands, type DispatchView } from '../contract.js';
import { OrionGate, orionLimits, type OrionKind, type OrionOperation } from '../planners/orion.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';

const Kind = Type.Union([Type.Literal('compute'), Type.Literal('memory'), Type.Literal('unknown')]);
const Options = Type.Object(
  {
    high_priority: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description: 'apps that come first; all of them if none is named' })),
    kinds: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Kind, { description: 'what a batch of a model is bound by; a model that is not named is bound by compute' })),
    queue_limit: queueLimit,
  },
  { additionalProperties: false },
);

/** A batch is taken to fill the accelerator, since a profile does not know its width. */
const WIDTH = 1;

export default definePolicy<'dispatch', Static<typeof Options>>({
  name: 'orion',
  about: 'High-priority apps start at once; others start while no high-priority request is there, or beside one that needs something else, and never more than their duration allows.',
  source: 'reconstructed: Strati, Ma, Klimovic: Orion, EuroSys 2024: its rule for single GPU operations, applied to whole batches; a batch fills the accelerator, and is bound by compute unless the options say otherwise.',
  decision: 'dispatch',
  options: Options,
  create: ({ high_priority, kinds = {}, queue_limit }) => {
    const isHigh = (lane: number, view: DispatchView): boolean => high_priority === undefined || high_priority.includes(view.app(lane));
    const kindOf = (lane: number, view: DispatchView): OrionKind => kinds[view.model(lane)] ?? 'compute';
    /** Best-effort gates by accelerator. */
    const gates: OrionGate[] = [];
    /** The best-effort lane that was served last: the next one in turn follows it. */
    let turn = 0;

    const gateOf = (accelerator: number, view: DispatchView): OrionGate => {
      if (gates[accelerator] === undefined) {
        let fastestMs = Infinity;
        for (const lane of view.lanes) if (isHigh(lane, view)) fastestMs = Math.min(fastestMs, view.soloMs(lane, accelerator, 1));
        gates[accelerator] = new OrionGate(orionLimits(WIDTH, fastestMs));
      }
      return gates[accelerator];
    };
    const operation = (lane: number, accelerator: number, view: DispatchView): OrionOperation => ({ kind: kindOf(lane, view), processors: WIDTH, durationMs: view.soloMs(lane, accelerator, 1) });

    const startHigh = (view: DispatchView, out: DispatchCommands): void => {
      for (const lane of view.lanes) {
        if (!isHigh(lane, view)) continue;
        for (const accelerator of view.accelerators)
          while (view.queued(lane) > 0 && view.idleWorker(lane, accelerator) !== NONE) out.start(lane, 1, view.idleWorker(lane, accelerator));
      }
    };
    const startBestEffort = (accelerator: number, view: DispatchView, out: DispatchCommands): void => {
      const { lanes } = view;
      let beside: OrionOperation | undefined;
      let underWay = 0;
      for (const lane of lanes) {
        const active = view.active(lane, accelerator);
        if (!isHigh(lane, view)) underWay += active;
        else if (active > 0) beside = operation(lane, accelerator, view);
      }
      const gate = gateOf(accelerator, view);
      if (underWay === 0) gate.completed();
      for (let i = 1; i <= lanes.length; i++) {
        const at = (turn + i) % lanes.length;
        const lane = lanes[at];
        if (isHigh(lane, view) || view.queued(lane) === 0 || view.idleWorker(lane, accelerator) === NONE) continue;
        if (!gate.admits(operation(lane, accelerator, view), beside, underWay * WIDTH)) continue;
        out.start(lane, 1, view.idleWorker(lane, accelerator));
        underWay++;
        turn = at;
        // What was let in last comes last from here on.
        i = 0;
      }
    };
    return {
      on(_event, _subject, _nowMs, view, out) {
        startHigh(view, out);
        if (high_priority !== undefined) for (const accelerator of view.accelerators) startBestEffort(accelerator, view, out);
        rejectBeyond(queue_limit, view, out);
        return NEVER;
      },
    };
  },
});
