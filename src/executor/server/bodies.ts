import type { FastifyInstance } from 'fastify';
import { busy } from './asking.js';

/**
 * Bounds the memory that bodies take which are still on their way, or wait for their answer: each counts as what its client announces,
 * or as the longest one where it announces nothing. One that does not fit is answered 503 with Retry-After before it is read.
 *
 * @param mostBytes of all together
 * @param longestBytes of one
 */
export function boundBodies(server: FastifyInstance, mostBytes: number, longestBytes: number): void {
  let held = 0;
  server.addHook('onRequest', (request, reply, done) => {
    const { 'content-length': announced, 'transfer-encoding': encoding } = request.headers;
    const bytes = announced !== undefined ? Math.min(Number(announced), longestBytes) : encoding !== undefined ? longestBytes : 0;
    if (!(bytes > 0)) return done();
    if (held + bytes > mostBytes) {
      // What is not read would be taken for the next request.
      void busy(reply.header('connection', 'close'), 'the bodies that are being received take all the memory that they may');
      return;
    }
    held += bytes;
    reply.raw.once('close', () => (held -= bytes));
    done();
  });
}
