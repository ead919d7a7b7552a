import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sent } from '../../experiment/replay/tally.js';
import { csv } from '../csv.js';
import { makeDirectory } from '../write.js';

const COLUMNS = ['ordinal', 'app', 'model', 'due_ms', 'sent_ms', 'ended_ms', 'outcome', 'slo_ms'];
const PIECE_CHARS = 1 << 16;

/** A file of requests that is written while they end. It has its name when it is complete. */
export interface RequestLog {
  add(sent: Sent): void;
  /** @returns the path of the file */
  end(): Promise<string>;
  /** The replay failed. What was recorded is kept as `end` does; where nothing was, there is no file. */
  abandon(): Promise<void>;
}

/**
 * Begins `requests.csv` in a folder, which is made if it is not there: a line `# {…}` that says what it is of, then a row for each request.
 * Times are in ms since the replay began; an empty one is of what did not happen.
 *
 * @throws InputError when the folder cannot be made
 */
export async function openRequestLog(dir: string, about: object): Promise<RequestLog> {
  await makeDirectory(dir);
  const path = join(dir, 'requests.csv');
  const partial = `${path}.partial`;
  const file = (await open(partial, 'w')).createWriteStream();
  let failure: Error | undefined;
  file.on('error', (error) => (failure = error));
  let piece = `# ${JSON.stringify(about)}\n${csv([COLUMNS])}`;
  const ms = (value: number): string | undefined => (Number.isNaN(value) ? undefined : String(Number(value.toFixed(3))));
  let rows = 0;
  const end = async (): Promise<string> => {
    file.end(piece);
    if (failure === undefined && !file.closed) await Promise.race([once(file, 'close'), once(file, 'error')]);
    if (failure !== undefined) throw failure;
    await rename(partial, path);
    return path;
  };
  return {
    add({ ordinal, app, model, dueMs, sentMs, endedMs, outcome, sloMs }) {
      rows++;
      piece += csv([[ordinal, app, model, ms(dueMs), ms(sentMs), ms(endedMs), outcome, ms(sloMs)]]);
      if (piece.length < PIECE_CHARS) return;
      file.write(piece);
      piece = '';
    },
    end,
    async abandon() {
      if (rows > 0) return void (await end());
      file.destroy();
      await rm(partial, { force: true });
    },
  };
}
