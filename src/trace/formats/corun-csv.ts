import { Type } from '@sinclair/typebox';
import { openTrace } from '../open.js';
import { defineFormat } from '../format.js';

export default defineFormat({
  name: 'corun-csv',
  about: 'One row per request: when it is born, and if wanted for which app and with which SLO; plain or gzip, of any size.',
  source: 'This project: corun/requests@1, see docs/traces.md.',
  options: Type.Object(
    { file: Type.String({ minLength: 1, description: 'path of the trace, plain or gzip' }) },
    { additionalProperties: false },
  ),
  open: ({ file }, filter) => openTrace(file, filter),
});
