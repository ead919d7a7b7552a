import { InputError } from '../../input/error.js';
import { fileBytes } from '../file-bytes.js';
import { Recording } from './recording.js';

const NEWLINE = 10;
const RETURN = 13;
/** Time stamps above this are no longer exact. */
const LARGEST = 2 ** 53;

/**
 * Reads recorded link capacity in mahimahi's format: on each line the whole number of ms, never falling, at which one
 * packet of 1,500 bytes can cross. Plain or gzip; line ends LF or CRLF, the last one optional.
 *
 * @throws {InputError} naming file, line and column
 */
export async function readMahimahi(path: string): Promise<Recording> {
  const bytes = await fileBytes(path);
  let times = new Float64Array(1 << 12);
  let count = 0;
  let line = 1;
  let column = 1;
  let value = -1;
  let afterReturn = false;
  const fault = (sentence: string): InputError => new InputError(`${path}:${line}:${column}: ${sentence}`);

  const endLine = (): void => {
    column = 1;
    if (value < 0) throw fault('this line is empty; each line needs a whole number of milliseconds');
    if (count > 0 && value < times[count - 1]) throw fault(`${value} ms comes after ${times[count - 1]} ms; the times must never fall`);
    if (count === times.length) {
      const longer = new Float64Array(2 * count);
      longer.set(times);
      times = longer;
    }
    times[count++] = value;
    value = -1;
    line++;
  };

  try {
    for (let piece = await bytes.next(); piece !== undefined; piece = await bytes.next()) {
      for (const byte of piece) {
        if (byte === NEWLINE) {
          afterReturn = false;
          endLine();
          continue;
        }
        if (afterReturn) throw fault('a carriage return inside a line; save the file with ordinary line ends');
        if (byte === RETURN) afterReturn = true;
        else if (byte >= 48 && byte <= 57) {
          value = (value < 0 ? 0 : value * 10) + byte - 48;
          if (value >= LARGEST) throw fault('a number of milliseconds that is too large to be exact');
        } else throw fault(`found ${JSON.stringify(String.fromCharCode(byte))}, a whole number of milliseconds is needed, as in mahimahi's traces`);
        column++;
      }
    }
    if (value >= 0) endLine();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw fault('the gzip data are damaged or cut off here: copy or pack the file again');
    throw error;
  } finally {
    await bytes.close();
  }
  line = 1;
  column = 1;
  if (count === 0) throw fault('the file is empty; at least one time in ms is needed');
  if (times[count - 1] === 0) throw fault('every time is 0; a recording must last for some time');
  return new Recording(times.slice(0, count));
}
