import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { InputError } from '../../input/error.js';
import type { Happening } from './happening.js';

/**
 * The event log: a line of JSON that says what was run, then 32 bytes for all that control was told, little-endian:
 *
 *     u8 kind | 3 × 0 | i32 subject | u32 checksum of all commands up to here | u32 0 | f64 time in ms | f64 value
 *
 * It only grows, and a log that was cut off in the middle of a record is read up to there.
 */
const RECORD = 32;
const FORMAT = 'corun/events@1';
const BUFFER_RECORDS = 2048;

export interface LoggedHappening extends Happening {
  checksum: number;
}

/** Writes an event log. Records wait in memory until the buffer is full, or `flush`. */
export class EventLog {
  private readonly file: number;
  private readonly buffer = Buffer.alloc(BUFFER_RECORDS * RECORD);
  private used = 0;

  /** @param about what was run: plain data, enough to make the same policies again @throws InputError if the file cannot be written */
  constructor(path: string, about: unknown) {
    try {
      this.file = openSync(path, 'w');
    } catch (error) {
      throw new InputError(`cannot write the event log ${path}: ${reasonOf(error, 'its folder does not exist; make it first')}`);
    }
    writeSync(this.file, `${JSON.stringify({ schema: FORMAT, about })}\n`);
  }

  add({ kind, subject, value, nowMs }: Happening, checksum: number): void {
    const at = this.used;
    this.buffer.fill(0, at, at + RECORD);
    this.buffer.writeUInt8(kind, at);
    this.buffer.writeInt32LE(subject, at + 4);
    this.buffer.writeUInt32LE(checksum, at + 8);
    this.buffer.writeDoubleLE(nowMs, at + 16);
    this.buffer.writeDoubleLE(value, at + 24);
    this.used += RECORD;
    if (this.used === this.buffer.length) this.flush();
  }

  flush(): void {
    if (this.used > 0) writeSync(this.file, this.buffer, 0, this.used);
    this.used = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }
}

function reasonOf(error: unknown, absent: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return absent;
  if (code === 'EISDIR') return 'it is a folder; name a file';
  return code === 'EACCES' ? 'this user may not' : message;
}

/** Reads an event log. @throws InputError if the file is none */
export function readEventLog(path: string): { about: unknown; happenings: LoggedHappening[] } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InputError(`cannot read the event log ${path}: ${reasonOf(error, 'there is no such file')}`);
  }
  const end = bytes.indexOf(0x0a);
  const head = headOf(bytes.subarray(0, Math.max(0, end)).toString());
  if (head?.schema !== FORMAT) throw new InputError(`${path}:1: this is not an event log; its first line must be JSON with "schema": "${FORMAT}", as corun serve --event-log writes it`);
  const happenings: LoggedHappening[] = [];
  for (let at = end + 1; at + RECORD <= bytes.length; at += RECORD)
    happenings.push({
      kind: bytes.readUInt8(at),
      subject: bytes.readInt32LE(at + 4),
      checksum: bytes.readUInt32LE(at + 8),
      nowMs: bytes.readDoubleLE(at + 16),
      value: bytes.readDoubleLE(at + 24),
    });
  return { about: head.about, happenings };
}

function headOf(line: string): { schema?: unknown; about?: unknown } | undefined {
  try {
    return JSON.parse(line) as { schema?: unknown };
  } catch {
    return undefined;
  }
}
