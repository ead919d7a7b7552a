/**
 * How a message between two processes is laid out, all little-endian:
 *
 *     u32 bytes that follow | u8 kind | u8 0 | u16 parts | u32 id | f64 value | u32 length of each part | the parts
 *
 * Tensors and images are parts and travel as they are. The few settings that go with a load are one part of JSON.
 */
export interface Message {
  kind: number;
  /** What the message is about, for example the number of a batch. */
  id: number;
  value: number;
  /** Of a received message: views that stay valid as long as they are held. */
  parts: readonly Uint8Array[];
}

const LENGTH = 4;
const FIXED = 16;
const MOST_PARTS = 65_535;
/** What is longer cannot be a message, so the sender is not one of ours, or has lost the thread. */
export const LONGEST_BYTES = 1 << 30;

/** From so many bytes on a message is put together while it comes. */
const LONG_BYTES = 1 << 20;

/** What comes before the parts. @throws RangeError for more parts or bytes than fit */
export function header({ kind, id, value, parts }: Message): Uint8Array {
  if (parts.length > MOST_PARTS) throw new RangeError(`a message has at most ${MOST_PARTS} parts, not ${parts.length}`);
  const bytes = Buffer.allocUnsafe(LENGTH + FIXED + 4 * parts.length);
  let following = FIXED + 4 * parts.length;
  parts.forEach((part, i) => {
    bytes.writeUInt32LE(part.length, LENGTH + FIXED + 4 * i);
    following += part.length;
  });
  if (following > LONGEST_BYTES) throw new RangeError(`a message of ${following} bytes is longer than ${LONGEST_BYTES}`);
  bytes.writeUInt32LE(following, 0);
  bytes.writeUInt8(kind, 4);
  bytes.writeUInt8(0, 5);
  bytes.writeUInt16LE(parts.length, 6);
  bytes.writeUInt32LE(id, 8);
  bytes.writeDoubleLE(value, 12);
  return bytes;
}

function messageOf(bytes: Buffer): Message {
  const count = bytes.readUInt16LE(2);
  const parts: Uint8Array[] = [];
  let at = FIXED + 4 * count;
  if (at > bytes.length) throw new RangeError(`a message of ${bytes.length} bytes says that it has ${count} parts`);
  for (let i = 0; i < count; i++) {
    const length = bytes.readUInt32LE(FIXED + 4 * i);
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  if (at !== bytes.length) throw new RangeError(`the parts of a message end at byte ${at} of ${bytes.length}`);
  return { kind: bytes.readUInt8(0), id: bytes.readUInt32LE(4), value: bytes.readDoubleLE(8), parts };
}

/** Cuts a stream of bytes into messages, wherever it was cut on its way. */
export class FrameReader {
  private readonly pieces: Buffer[] = [];
  private held = 0;
  private wanted = LENGTH;
  private inLength = true;
  /** A long message of which not all has come yet. */
  private long: { bytes: Buffer; at: number } | undefined;

  /** @returns the messages that are complete now @throws RangeError for bytes that are no message; the stream is of no use then */
  push(piece: Buffer): Message[] {
    if (this.long !== undefined) return this.pushLong(this.long, piece);
    const messages: Message[] = [];
    this.pieces.push(piece);
    this.held += piece.length;
    while (this.held >= this.wanted) {
      const bytes = this.take(this.wanted);
      if (this.inLength) {
        this.wanted = bytes.readUInt32LE(0);
        if (this.wanted < FIXED || this.wanted > LONGEST_BYTES) throw new RangeError(`a message cannot be ${this.wanted} bytes long`);
        if (this.wanted >= LONG_BYTES && this.held < this.wanted) {
          this.beginLong();
          break;
        }
      } else {
        messages.push(messageOf(bytes));
        this.wanted = LENGTH;
      }
      this.inLength = !this.inLength;
    }
    return messages;
  }

  /** A long message gets its place at once, and pieces are copied as they come, so that its end does not keep the process from other work. */
  private beginLong(): void {
    const bytes = Buffer.allocUnsafeSlow(this.wanted);
    let at = 0;
    for (const piece of this.pieces.splice(0)) at += piece.copy(bytes, at);
    this.held = 0;
    this.long = { bytes, at };
  }

  private pushLong(long: { bytes: Buffer; at: number }, piece: Buffer): Message[] {
    const used = piece.copy(long.bytes, long.at);
    long.at += used;
    if (long.at < long.bytes.length) return [];
    this.long = undefined;
    this.inLength = true;
    this.wanted = LENGTH;
    const message = messageOf(long.bytes);
    return used < piece.length ? [message, ...this.push(piece.subarray(used))] : [message];
  }

  /** The next n bytes: a view where they came in one piece, else one copy. */
  private take(n: number): Buffer {
    this.held -= n;
    const first = this.pieces[0];
    if (first.length >= n) {
      if (first.length === n) this.pieces.shift();
      else this.pieces[0] = first.subarray(n);
      return first.subarray(0, n);
    }
    const whole = Buffer.allocUnsafe(n);
    for (let at = 0; at < n; ) {
      const piece = this.pieces[0];
      const used = Math.min(piece.length, n - at);
      piece.copy(whole, at, 0, used);
      at += used;
      if (used === piece.length) this.pieces.shift();
      else this.pieces[0] = piece.subarray(used);
    }
    return whole;
  }
}
