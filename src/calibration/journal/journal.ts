import { InputError } from '../../input/error.js';
import type { Measured } from '../measure/measured.js';
import { turnName, type Turn } from '../plan/cell.js';
import type { Probes } from '../plan/probe.js';
import type { JournalFile } from './journal-file.js';

const SCHEMA = 'corun/calibration-journal@1';

/** What must be the same when a calibration goes on: plain data. */
export type Identity = Record<string, unknown>;

/** The end of a turn. Times since 1970 in ms. */
export interface Entry {
  turn: string;
  cell: Turn['cell'];
  run: string;
  /** Of the process that measured: 1 for the first start of the program, 2 after the first resumption. */
  session: number;
  startedMs: number;
  endedMs: number;
  /** Absent if it could not be measured; then `failed` says why. */
  measured?: Measured;
  failed?: string;
  outOfMemory?: true;
  /** Others took too much of the processors, also when it was measured for the last time. */
  disturbed?: true;
  /** What was measured and thrown away before. */
  repeatedBecause?: string[];
}

type Line = { kind: 'begin'; schema: string; identity: Identity } | { kind: 'probes'; probes: Probes } | ({ kind: 'turn' } & Entry);

/** Where what was measured is kept as soon as it was: an interrupted calibration goes on from here. */
export class Journal {
  readonly entries = new Map<string, Entry>();
  probes: Probes | undefined;
  /** Number of this start of the program. */
  readonly session: number;
  private readonly file: JournalFile;
  private readonly path: string;

  /** @param identity the settings and the machine @throws InputError if the journal is of another calibration, or cannot be written */
  constructor(file: JournalFile, path: string, identity: Identity) {
    this.file = file;
    this.path = path;
    const lines = parsed(file.read(), path);
    const [first] = lines;
    if (first === undefined) this.append({ kind: 'begin', schema: SCHEMA, identity });
    else if (first.kind !== 'begin' || first.schema !== SCHEMA) throw new InputError(`${path}: this is no journal of a calibration (${SCHEMA}); give another --out`);
    else refuseOther(first.identity, identity, path);
    let session = 0;
    for (const line of lines) {
      if (line.kind === 'probes') this.probes = line.probes;
      if (line.kind !== 'turn') continue;
      this.entries.set(line.turn, line);
      session = Math.max(session, line.session);
    }
    this.session = session + 1;
  }

  has(turn: Turn): boolean {
    return this.entries.has(turnName(turn));
  }

  keepProbes(probes: Probes): void {
    this.append({ kind: 'probes', probes });
    this.probes = probes;
  }

  /** Keeps the end of a turn. @throws InputError if the disk is full: all that was kept before stays */
  keep(entry: Entry): void {
    this.append({ kind: 'turn', ...entry });
    this.entries.set(entry.turn, entry);
  }

  close(): void {
    this.file.close();
  }

  private append(line: Line): void {
    try {
      this.file.append(JSON.stringify(line, (_, value: unknown) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value)));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === 'ENOSPC' ? 'the disk is full' : code === 'EDQUOT' ? 'the disk quota is used up' : message;
      throw new InputError(`${this.path}: cannot be written: ${why}. The ${this.entries.size} cells measured before are kept; make room, and the same command goes on from there`);
    }
  }
}

function parsed(text: string, path: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      try {
        return JSON.parse(line) as Line;
      } catch {
        throw new InputError(`${path}:${i + 1}: the line is damaged; take it out of the file, or give another --out`);
      }
    });
}

/** Measurements under other settings or on another machine are another calibration. */
function refuseOther(kept: Identity, now: Identity, path: string): void {
  const plain = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  // As they are after a turn through JSON.
  const asKept = JSON.parse(JSON.stringify(now)) as Identity;
  const names = [...new Set([...Object.keys(kept), ...Object.keys(asKept)])].filter((name) => plain(kept[name]) !== plain(asKept[name]));
  if (names.length === 0) return;
  const told = names.map((name) => `${name}: ${plain(kept[name])} there, ${plain(asKept[name])} now`);
  throw new InputError(`${path}: the calibration begun there differs from this one:\n${told.map((line) => `  ${line}`).join('\n')}\nGo on with what it was begun with, or give another --out`);
}
