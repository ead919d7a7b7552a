import { Type } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { gammaSampler } from '../../random/gamma.js';
import { bounded, defineGenerator, requestCount } from '../generator.js';

export const FittedWindow = Type.Object(
  {
    for_s: Type.Number({ exclusiveMinimum: 0, description: 'how long the window lasts' }),
    rate_rps: Type.Number({ minimum: 0, description: 'mean rate within it' }),
    cv: Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'coefficient of variation of the gaps within it' }),
  },
  { additionalProperties: false },
);

export default defineGenerator({
  name: 'fitted',
  about: 'Gamma gaps whose rate and burstiness change from window to window, as they were fitted to a trace with `corun trace fit`.',
  source: 'Piecewise renewal process by time change; a gap has the burstiness of the window in which it begins.',
  stationary: false,
  options: Type.Object(
    {
      file: Type.Optional(Type.String({ minLength: 1, description: 'what `corun trace fit` wrote, relative to the scenario; or the windows themselves' })),
      windows: Type.Optional(Type.Array(FittedWindow, { minItems: 1, description: 'the windows in order; the stream ends after the last one' })),
      requests: requestCount,
    },
    { additionalProperties: false },
  ),
  create({ windows = [], requests }, random, untilMs) {
    if (windows.length === 0) throw new InputError('arrivals of process fitted: exactly one of file and windows is needed');
    const samplers = windows.map(({ cv }) => ({ sample: gammaSampler(1 / (cv * cv), random), scale: cv * cv }));
    let window = 0;
    let beganMs = 0;
    // Expected requests since the present window began.
    let expected = 0;
    return bounded('fitted', requests ?? Number.MAX_SAFE_INTEGER, untilMs, (timeMs) => {
      for (let i = 0; i < timeMs.length; i++) {
        const { sample, scale } = samplers[window];
        expected += sample() * scale;
        for (;;) {
          const { for_s, rate_rps } = windows[window];
          const inWindow = rate_rps * for_s;
          if (expected < inWindow) break;
          if (window === windows.length - 1) return i;
          expected -= inWindow;
          beganMs += for_s * 1000;
          window++;
        }
        timeMs[i] = beganMs + (expected / windows[window].rate_rps) * 1000;
      }
      return timeMs.length;
    });
  },
});
