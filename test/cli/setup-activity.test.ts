import { describe, expect, it } from 'vitest';
import { activityLine } from '../../src/cli/setup/activity.js';

function stream(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns: 20, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream };
}

describe('activityLine', () => {
  it('shows the last thing that was said, within the width of the terminal, and keeps sentences', () => {
    const { written, stream: terminal } = stream(true);
    const { tell, onOutput, clear } = activityLine(terminal);
    onOutput!('Collecting x\nDownloading a wheel with a long name\n');
    tell('1/5 download');
    onOutput!('\n');
    clear();
    expect(written).toEqual(['\r\x1b[K0 s  Downloading a ', '\r\x1b[K1/5 download\n', '\r\x1b[K0 s  ', '\r\x1b[K']);
  });

  it('writes only sentences where there is no terminal', () => {
    const { written, stream: file } = stream(false);
    const { tell, onOutput, clear } = activityLine(file);
    tell('1/5 download');
    clear();
    expect(onOutput).toBeUndefined();
    expect(written).toEqual(['1/5 download\n']);
  });
});
