const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f000}-\u{1faff}]|[\u{20000}-\u{3fffd}]/u;

/** Columns that a terminal needs at most; combining marks count as one, which is never too few. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += wide.test(character) ? 2 : 1;
  return width;
}

/** One line of text: control characters, which could move the cursor or change colours, become spaces. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** Cut to this many columns, with an ellipsis. */
export function truncate(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  let width = 0;
  for (const character of text) {
    const next = textWidth(character);
    if (width + next > columns - 1) break;
    cut += character;
    width += next;
  }
  return columns > 0 ? `${cut}…` : '';
}

/** Break at spaces into lines of at most this many columns; a longer word is broken inside. Continuation lines are indented. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  const room = (): number => columns - (lines.length === 0 ? 0 : indent.length);
  const flush = (): void => {
    lines.push((lines.length === 0 ? '' : indent) + line);
    line = '';
  };
  for (const word of text.split(/ +/).filter((w) => w !== '')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > room()) flush();
    let rest = line === '' ? word : ` ${word}`;
    while (textWidth(line) + textWidth(rest) > room()) {
      let piece = '';
      for (const character of rest) {
        if (textWidth(line) + textWidth(piece) + textWidth(character) > room()) break;
        piece += character;
      }
      line += piece;
      rest = rest.slice(piece.length);
      flush();
    }
    line += rest;
  }
  if (line !== '') flush();
  return lines;
}
