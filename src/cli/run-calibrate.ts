import { calibrate, type Calibrated } from '../calibration/calibrate.js';
import { planText, timeText } from '../calibration/plan/text.js';
import { settingsOf } from '../calibration/read-settings.js';
import { turnName } from '../calibration/plan/cell.js';
import type { CalibrateArguments } from './calibrate.js';

/** Between two lines of progress where nobody looks at a terminal. */
const QUIET_MS = 10_000;
const INTERRUPTED = 130;

const say = (text: string): void => void process.stderr.write(text);

/** What `corun calibrate` does. @returns the exit code: 1 if the machine was too noisy for a profile */
export async function runCalibrate(argv: CalibrateArguments): Promise<number> {
  const { out = '', plan: planOnly, format, load, _: _words, $0: _name, ...said } = argv as CalibrateArguments & { _?: unknown; $0?: unknown };
  const settings = await settingsOf({ ...said, ...(load && { shares: load }) });
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new Interrupted());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const line = progress();
  let kept = 0;
  try {
    const result = await calibrate(settings, {
      out,
      requested: requestOf(argv),
      planOnly,
      abort: interrupt.signal,
      probing: (what) => line.show(`a first look at ${what}`),
      planned: (plan, done) => {
        kept = done;
        line.clear();
        const text = `${planText(plan, { budgetS: settings.budgetS, every: planOnly })}\n${done > 0 ? `${done} turns are in the journal already.\n` : ''}`;
        if (!planOnly) say(text);
        else if (format === 'table') process.stdout.write(text);
      },
      turn: (name, index, of, leftMs) => line.show(`${index + 1} of ${of}, about ${timeText(leftMs)} left: ${name}`),
      ended: ({ turn, failed }) => {
        kept++;
        if (failed !== undefined) line.note(`${turn}: not measured: ${failed}`);
      },
      fitting: (what) => line.show(what),
    });
    line.clear();
    if (format === 'json') process.stdout.write(`${JSON.stringify(jsonOf(result, planOnly), undefined, 2)}\n`);
    else if (!planOnly) tell(result);
    return planOnly || result.calibrated ? 0 : 1;
  } catch (error) {
    line.clear();
    if (!(error instanceof Interrupted)) throw error;
    say(`corun: interrupted; ${kept === 1 ? '1 turn is' : `${kept} turns are`} kept in ${out}, and the same command goes on from there\n`);
    return INTERRUPTED;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
}

class Interrupted extends Error {}

/** Options as the user gave them, without what yargs adds. */
function requestOf(argv: CalibrateArguments): Record<string, unknown> {
  const given = Object.entries(argv).filter(([name, value]) => !['_', '$0', 'format', 'out', 'plan'].includes(name) && !name.includes('-') && name.length > 1 && value !== undefined && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(given);
}

function jsonOf({ plan, noise, entries, leftOut, written, calibrated }: Calibrated, planOnly: boolean): object {
  const planned = { schema: 'corun/calibration@1', machine: plan.machine, probes: plan.probes, cells: plan.cells, turns: plan.turns.length, estimate_s: Math.round(plan.estimateMs / 1000) };
  return planOnly ? planned : { ...planned, calibrated, noise, measured: entries.filter((e) => e.measured !== undefined).length, failed: entries.flatMap(({ turn, failed }) => (failed === undefined ? [] : [{ turn, why: failed }])), left_out: leftOut.map(turnName), written };
}

/** The answer on stdout, and beside it what went wrong. */
function tell({ noise, entries, leftOut, written, calibrated }: Calibrated): void {
  const rows = entries.reduce((sum, e) => sum + (e.measured?.series.reduce((all, s) => all + s.done.length, 0) ?? 0), 0);
  const failed = entries.filter((e) => e.failed !== undefined).length;
  const print = (text: string): void => void process.stdout.write(text);
  print(`${entries.length - failed} turns with ${rows} rows${failed > 0 ? `, ${failed} could not be measured` : ''}${leftOut.length > 0 ? `, ${leftOut.length} left out for lack of time` : ''}\n`);
  print(`the machine was ${noise!.verdict === 'unknown' ? 'not judged' : noise!.verdict}: ${noise!.because}\n`);
  print(written.map((path) => `wrote ${path}\n`).join(''));
  if (!calibrated) say('corun: too noisy to be called calibrated; the observations are kept, and no profile was written.\nEnd other programs and measure again with another --out, or write a labelled profile all the same with --accept-noise\n');
}

/** On a terminal one line that changes; elsewhere a line now and then. */
function progress(): { show(text: string): void; note(text: string): void; clear(): void } {
  const { isTTY, columns = 100 } = process.stderr;
  let shownMs = -Infinity;
  const clear = (): void => void (isTTY && say('\r\x1b[K'));
  return {
    show(text) {
      if (isTTY) return say(`\r\x1b[K${text.slice(0, columns - 1)}`);
      if (performance.now() - shownMs < QUIET_MS) return;
      shownMs = performance.now();
      say(`${text}\n`);
    },
    note(text) {
      clear();
      say(`${text}\n`);
    },
    clear,
  };
}
