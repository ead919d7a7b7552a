import { InputError } from '../input/error.js';

const LF = 10;

/** A line longer than this is no line of such a file; without a limit, a file without line breaks would fill the memory. */
const longestLineBytes = 1 << 20;

/** Collects pieces of any size and says how far they consist of complete lines. It never waits, so it knows nothing of files. */
export class LineBuffer {
  bytes = Buffer.alloc(0);
  /** What is unread lies in [position, length); complete lines in [position, limit). */
  position = 0;
  limit = 0;
  ended = false;
  sawBytes = false;
  /** The line that comes next, from 1; its reader counts on. */
  line = 1;
  private length = 0;
  private readonly name: string;

  /** @param name what messages call the file */
  constructor(name: string) {
    this.name = name;
  }

  /** Hands over the next piece. The bytes are copied, so the caller may reuse them. */
  push(piece: Uint8Array): void {
    const rest = this.length - this.position;
    if (rest + piece.length + 1 > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, rest + piece.length + 1));
      this.bytes.copy(grown, 0, this.position, this.length);
      this.bytes = grown;
    } else if (this.position > 0) this.bytes.copyWithin(0, this.position, this.length);
    this.bytes.set(piece, rest);
    // The rest holds no line break unless rows are still unread, so only the new piece is searched then.
    const lastBreak = piece.lastIndexOf(LF);
    this.limit = lastBreak >= 0 ? rest + lastBreak + 1 : this.limit - this.position;
    this.length = rest + piece.length;
    this.position = 0;
    if (piece.length > 0) this.sawBytes = true;
    if (this.limit === 0 && this.length > longestLineBytes) {
      throw new InputError(`${this.name}:${this.line}:1: the line is longer than ${longestLineBytes} bytes; is this a CSV file with line breaks?`);
    }
  }

  /** Says that no piece follows. The last line needs no line break. */
  end(): void {
    this.ended = true;
    if (this.length > this.limit) {
      this.bytes[this.length++] = LF;
      this.limit = this.length;
    }
  }

  /** Passes over a byte order mark at the beginning. @throws InputError if it is that of UTF-16 */
  passMark(): void {
    const { bytes, limit, line, position } = this;
    if (line !== 1 || position !== 0 || limit === 0) return;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.position = 3;
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
      throw new InputError(`${this.name}:1:1: the file is UTF-16; save it as UTF-8`);
    }
  }
}
