/**
 * A line on a terminal that shows what the called programs said last, and for how long a step has been going on; silent
 * elsewhere. Sentences that stay are written above it.
 */
export function activityLine(stream: NodeJS.WriteStream): { tell: (sentence: string) => void; onOutput?: (text: string) => void; clear: () => void } {
  if (!stream.isTTY) return { tell: (sentence) => void stream.write(`${sentence}\n`), clear: () => {} };
  let startedMs = performance.now();
  let said = '';
  const show = (): void => {
    const text = `${Math.floor((performance.now() - startedMs) / 1000)} s  ${said}`;
    stream.write(`\r\x1b[K${text.slice(0, Math.max(0, stream.columns - 1))}`);
  };
  const timer = setInterval(show, 1000);
  timer.unref();
  return {
    tell(sentence) {
      stream.write(`\r\x1b[K${sentence}\n`);
      startedMs = performance.now();
      said = '';
    },
    onOutput(text) {
      said = text.trimEnd().split(/[\r\n]/).at(-1)!.trim() || said;
      show();
    },
    clear() {
      clearInterval(timer);
      stream.write('\r\x1b[K');
    },
  };
}
