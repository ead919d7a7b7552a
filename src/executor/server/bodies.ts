import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A body does not fit beside those that the server holds. */
export class NoRoomForBody extends Error {
  override readonly name = 'NoRoomForBody';
}

export interface BodyLimits {
  /** Longest body of one request, bytes. */
  bodyBytes: number;
  /** Bytes of all bodies that are held at the same time, arrived or arriving. */
  bodiesBytes: number;
}

/**
 * Reads bodies as bytes, whatever their type, since JSON and binary tensors may share one. Their sum is bounded: one that does not
 * fit is answered with 503 and Retry-After. A body is held from its first byte until its request is answered, since images are views
 * of it. What counts is what has arrived, so a client that promises much and sends nothing takes no room from others.
 */
export function readBodies(server: FastifyInstance, { bodyBytes, bodiesBytes }: BodyLimits): void {
  const held = new WeakMap<FastifyRequest, number>();
  let allBytes = 0;
  const hold = (request: FastifyRequest, bytes: number): void => {
    allBytes += bytes;
    held.set(request, (held.get(request) ?? 0) + bytes);
  };

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (request, payload, done) => {
    const promised = Number(request.headers['content-length']);
    const pieces: Buffer[] = [];
    let length = 0;
    let isOver = false;
    const end = (error: (Error & { statusCode?: number }) | null, body?: Buffer): void => {
      if (isOver) return;
      isOver = true;
      // What is still to come is read and thrown away, so that the client gets to see the answer.
      if (error !== null) pieces.length = 0;
      done(error, body);
    };
    const tooLong = (): void => end(Object.assign(new Error(`the body is longer than ${bodyBytes} bytes, which is the most that is taken`), { statusCode: 413 }));
    const noRoom = (): void => end(new NoRoomForBody(`the server holds ${allBytes} bytes of requests that are not answered, and has room for ${bodiesBytes}`));
    payload.on('data', (piece: Buffer) => {
      if (isOver) return;
      length += piece.length;
      if (length > bodyBytes) return tooLong();
      if (allBytes + piece.length > bodiesBytes) return noRoom();
      hold(request, piece.length);
      pieces.push(piece);
    });
    payload.on('end', () => end(null, pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, length)));
    payload.on('error', (error: Error) => end(error));
    payload.on('close', () => end(Object.assign(new Error('the client went away'), { statusCode: 400 })));
    if (promised > bodyBytes) tooLong();
    else if (allBytes + promised > bodiesBytes) noRoom();
  });
  // The hook onResponse is not called for a client that went away; this is called in any case.
  server.addHook('preParsing', (request, reply, _payload, done) => {
    reply.raw.once('close', () => {
      allBytes -= held.get(request) ?? 0;
      held.delete(request);
    });
    done();
  });
}
