import type { FastifyInstance } from 'fastify';
import { didYouMean } from '../../input/nearest.js';
import type { Asking } from './asking.js';
import { decodeImage, type ImageLimits } from './decode.js';
import { BadRequest } from './tensors.js';

const DEFAULT_TOP = 5;
const QUERY = ['model', 'top'];

/** ms to a µs: what is behind is noise. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

/** `POST /v1/classify?model=APP&top=5`: a photograph in, the likeliest classes out. */
export function classifyRoutes(server: FastifyInstance, asking: Asking, limits: ImageLimits): void {
  server.post<{ Querystring: Record<string, string | undefined>; Body: Buffer | undefined }>('/v1/classify', async ({ query, body, headers }, reply) => {
    const unknown = Object.keys(query).find((key) => !QUERY.includes(key));
    if (unknown !== undefined) throw new BadRequest(`there is no ${JSON.stringify(unknown)} in the query${didYouMean(unknown, QUERY)}; allowed are ${QUERY.join(' and ')}`);
    const name = query.model ?? (asking.names.length === 1 ? asking.names[0] : undefined);
    if (name === undefined) throw new BadRequest(`say which model: /v1/classify?model=${asking.names[0]}; there are ${asking.names.join(', ')}`);
    const top = query.top === undefined ? DEFAULT_TOP : Number(query.top);
    if (!(Number.isInteger(top) && top >= 1)) throw new BadRequest(`top must be a whole number from 1, not ${JSON.stringify(query.top)}`);
    const found = asking.find(name, reply);
    if (found === undefined) return reply;
    const { app, model } = found;
    const sloMs = asking.sloOf(headers['x-slo-ms'], app);
    if (!asking.admit(app, 1, sloMs, reply)) return reply;
    const sinceMs = performance.now();
    let image: Uint8Array;
    asking.decoding++;
    try {
      image = await decodeImage(body ?? Buffer.alloc(0), model.input, limits);
    } finally {
      asking.decoding--;
    }
    const decodedMs = performance.now();
    const answers = await asking.ask(app, [image], sloMs, reply, asking.bornOf(headers['x-corun-sent-ms']));
    if (answers === undefined) return reply;
    const scores = new Float32Array(new Uint8Array(answers[0].answer).buffer);
    const best = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b).slice(0, top);
    return {
      model: name,
      answer_id: answers[0].id,
      classes: best.map((index) => ({ index, ...(model.labels && { label: model.labels[index] }), score: scores[index] })),
      decode_ms: toMicroseconds(decodedMs - sinceMs),
      answer_ms: toMicroseconds(performance.now() - decodedMs),
    };
  });
}
