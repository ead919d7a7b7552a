import { Type, type Static } from '@sinclair/typebox';
import { adwin } from '../../learning/detectors/adwin.js';
import { ddm } from '../../learning/detectors/ddm.js';
import { pageHinkley } from '../../learning/detectors/page-hinkley.js';
import type { Detector } from '../../learning/detector.js';
import { definePolicy, Event, NEVER } from '../contract.js';

const Options = Type.Object(
  {
    detector: Type.Union([Type.Literal('ddm'), Type.Literal('page-hinkley'), Type.Literal('adwin')], { default: 'ddm', description: 'how a rise of the error is found in the labels' }),
    epochs: Type.Integer({ minimum: 1, default: 5, description: 'epochs that are trained before the deploy' }),
    delta: Type.Number({ minimum: 0, default: 0.005, description: 'page-hinkley: a rise of the error that is let pass' }),
    lambda: Type.Number({ exclusiveMinimum: 0, default: 50, description: 'page-hinkley: how much more error, summed over labels, is an alarm' }),
    confidence: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.002, description: 'adwin: δ, by which the threshold is set; about the chance of a false alarm that a test may have' }),
  },
  { additionalProperties: false },
);

export default definePolicy<'retrain', Static<typeof Options>>({
  name: 'on-drift',
  about: 'Trains when a detector finds in the labels that the model has got worse, deploys, and ends the job.',
  source: 'DDM: Gama et al., SBIA 2004. Page–Hinkley: Page, Biometrika 1954, as in Gama et al., ACM Computing Surveys 46(4), 2014. ADWIN: Bifet and Gavaldà, SDM 2007.',
  decision: 'retrain',
  options: Options,
  events: [Event.labelled, Event.epoch, Event.deployed, Event.declined],
  deploys: true,
  create: ({ detector, epochs, delta, lambda, confidence }) => {
    const make = { ddm: () => ddm(), 'page-hinkley': () => pageHinkley(delta, lambda), adwin: () => adwin(confidence) }[detector];
    const detectors: Detector[] = [];
    const untilEpoch: number[] = [];
    const detectorOf = (job: number): Detector => (detectors[job] ??= make());
    return {
      on(event, job, _nowMs, view, out) {
        const trains = (untilEpoch[job] ?? Infinity) < Infinity;
        if (event === Event.labelled && !trains && detectorOf(job).add(!view.lastRight(job))) {
          out.notice(job);
          out.run(job);
          untilEpoch[job] = view.epochs(job) + epochs;
        } else if (event === Event.epoch && trains && view.epochs(job) >= untilEpoch[job]) {
          out.deploy(job);
          out.stop(job);
          untilEpoch[job] = Infinity;
        } else if (event === Event.deployed || event === Event.declined) detectorOf(job).reset();
        return NEVER;
      },
    };
  },
});
