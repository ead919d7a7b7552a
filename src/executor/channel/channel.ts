import type { Duplex } from 'node:stream';
import { FrameReader, header, type Message } from './frame.js';

const NO_PARTS: readonly Uint8Array[] = [];

/** One end of the connection between the server and a worker process. */
export class Channel {
  private readonly stream: Duplex;
  private readonly reader = new FrameReader();
  private open = true;

  /**
   * @param onMessage is called for each message, in order
   * @param onClosed is called once, when the other end is gone, or sent what is no message (`reason`)
   */
  constructor(stream: Duplex, onMessage: (message: Message) => void, onClosed: (reason?: Error) => void) {
    this.stream = stream;
    const close = (reason?: Error): void => {
      if (!this.open) return;
      this.open = false;
      stream.destroy();
      onClosed(reason);
    };
    stream.on('data', (piece: Buffer) => {
      if (!this.open) return;
      let messages: Message[];
      try {
        messages = this.reader.push(piece);
      } catch (error) {
        close(error as Error);
        return;
      }
      for (const message of messages) onMessage(message);
    });
    stream.on('error', () => close());
    stream.on('close', () => close());
    stream.on('end', () => close());
  }

  /** Sends a message; after the other end is gone, nothing. Nothing is copied: leave the parts alone until they are sent. */
  send(kind: number, id = 0, value = 0, parts: readonly Uint8Array[] = NO_PARTS): void {
    if (!this.open) return;
    this.stream.cork();
    this.stream.write(header({ kind, id, value, parts }));
    for (const part of parts) if (part.length > 0) this.stream.write(part);
    this.stream.uncork();
  }

  close(): void {
    this.stream.destroy();
  }
}

/** A part that holds settings. */
export const settings = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

export const settingsOf = (part: Uint8Array): unknown => JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.length).toString());
