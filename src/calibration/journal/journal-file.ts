import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A file that only grows, line by line. What `append` has returned from is on the disk. */
export interface JournalFile {
  /** Everything that is in it. */
  read(): string;
  /** @throws if the line could not be written whole; nothing of it is in the file then */
  append(line: string): void;
  close(): void;
}

/** Opens a journal, or makes it. A last line that was cut off by a crash is taken away. */
export function openJournalFile(path: string): JournalFile {
  const file = openSync(path, 'a+');
  const text = readFileSync(path);
  let size = text.lastIndexOf(10) + 1;
  if (size < text.length) ftruncateSync(file, size);
  const whole = text.toString('utf8', 0, size);
  return {
    read: () => whole,
    append(line) {
      const bytes = Buffer.from(`${line}\n`);
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
        fsyncSync(file);
        size += bytes.length;
      } catch (error) {
        // A half-written line would be read as damage.
        ftruncateSync(file, size);
        throw error;
      }
    },
    close: () => closeSync(file),
  };
}
