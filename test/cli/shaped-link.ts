import { createServer, request as ask, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';

export interface ShapedLink {
  url: string;
  /** While it is cut, whatever is on it is lost and nothing gets through. */
  setCut(isCut: boolean): void;
  /** Resolves when so many requests for an inference have come since. */
  carried(inferences: number): Promise<void>;
  close(): Promise<void>;
}

/** The ordinal in the id that a client gives a request, `app-17`. */
function ordinalOf(body: Buffer, jsonBytes: number): number {
  const { id } = JSON.parse(body.subarray(0, jsonBytes).toString()) as { id: string };
  return Number(id.slice(id.lastIndexOf('-') + 1));
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** A link to a server on which each request for an inference takes its time on the way up; all else passes at once. */
export async function shapedLink(to: () => string, uploadMs: (ordinal: number) => number): Promise<ShapedLink> {
  let isCut = false;
  let inferences = 0;
  const server = createServer((inbound, outbound) => {
    const pass = async (): Promise<void> => {
      const sinceMs = performance.now();
      const body = await bodyOf(inbound);
      if (inbound.url!.endsWith('/infer')) {
        inferences++;
        await later(Math.max(0, uploadMs(ordinalOf(body, Number(inbound.headers['inference-header-content-length']))) - (performance.now() - sinceMs)));
      }
      if (isCut) return void inbound.socket.destroy();
      const onward = ask(`${to()}${inbound.url}`, { method: inbound.method, headers: inbound.headers }, (answer) => {
        if (isCut) return void inbound.socket.destroy();
        outbound.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outbound);
      });
      onward.on('error', () => inbound.socket.destroy());
      onward.end(body);
    };
    if (isCut) inbound.socket.destroy();
    else void pass();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setCut: (cut) => {
      isCut = cut;
      if (cut) server.closeAllConnections();
    },
    carried: async (wanted) => {
      const from = inferences;
      while (inferences < from + wanted) await later(10);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
