import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps watch over connections on which a client has sent nothing yet. Node takes them for busy, so that a server that stops would wait
 * for each of them as long as for a request.
 *
 * @returns closes those that there are
 */
export function unusedConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
}
