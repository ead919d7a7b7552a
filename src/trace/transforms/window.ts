import { Type } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { mapped } from '../mapped.js';
import { defineTransform } from '../transform.js';

export default defineTransform({
  name: 'window',
  about: 'Keeps the requests from one moment (inclusive) to another (exclusive); the window then begins at 0.',
  option: Type.Object(
    {
      from_s: Type.Optional(Type.Number({ minimum: 0, default: 0, description: 'beginning of the window, in s since the trace began' })),
      to_s: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'its end; that of the trace if left out' })),
    },
    { additionalProperties: false, description: 'only a part of the trace, moved to 0' },
  ),
  async apply(open, { from_s = 0, to_s = Infinity }) {
    if (!(to_s > from_s)) throw new InputError(`the window of a trace ends (to_s: ${to_s}) before it begins (from_s: ${from_s})`);
    const fromMs = from_s * 1000;
    const toMs = to_s * 1000;
    let kept = 0;
    let lastMs = 0;
    return mapped(await open(), (request, give) => {
      if (request === undefined || request.timeMs >= toMs) {
        if (kept === 0) throw new InputError(`no request of the trace lies in its window from ${from_s} s to ${to_s === Infinity ? 'the end' : `${to_s} s`}${request === undefined ? `; the last one comes at ${lastMs / 1000} s` : ''}`);
        return false;
      }
      lastMs = request.timeMs;
      if (request.timeMs < fromMs) return;
      kept++;
      give(request.timeMs - fromMs, request.sloMs);
    });
  },
});
