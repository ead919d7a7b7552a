import { Type } from '@sinclair/typebox';
import { mapped } from '../mapped.js';
import { defineTransform } from '../transform.js';

export default defineTransform({
  name: 'scale_time',
  about: 'Multiplies every time: 0.1 replays a day in 2.4 hours, at ten times the rate.',
  option: Type.Number({ exclusiveMinimum: 0, description: 'factor on every time; the rate changes by its inverse', examples: [0.1] }),
  apply: async (open, factor) =>
    mapped(await open(), (request, give) => {
      if (request !== undefined) give(request.timeMs * factor, request.sloMs);
    }),
});
