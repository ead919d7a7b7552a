import { realOthers, type Others } from '../../executor/host/others.js';
import { InputError } from '../../input/error.js';
import type { NamedProfile } from '../../profile/load.js';
import { metrics, type MetricName } from '../../scenario/metrics.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import type { LatencyHistogram } from '../../statistics/histogram.js';
import type { Pool } from '../pool.js';
import { openServing } from '../serving/open.js';
import { atTheServer } from './at-the-server.js';
import { compareSides } from './compare-sides.js';
import { decisionFidelity, type Decision } from './decision.js';
import { worst } from './judge.js';
import { loadEquivalent, type LoadEquivalent } from './load-equivalent.js';
import { thisMachine } from './machine.js';
import { lookedUp, withoutContention } from './naive.js';
import { notesOn, speedNotes } from './notes.js';
import { interleaved } from './order.js';
import { p95AtLoad, predict, type Prediction } from './predict.js';
import { realRun, warmUpMs, type Reality, type RealRun } from './real-run.js';
import { RealRuns } from './real-runs.js';
import type { Verification, VerificationDetail, VerifiedAlternative } from './result.js';
import { atThatSpeed, speedOf, type Speed } from './speed.js';
import type { Tolerances } from './tolerances.js';

export interface VerifyOptions {
  /** What the result calls the scenario, usually its path as given. */
  scenario: string;
  /** The command line that does it again. */
  command: string;
  backend: string;
  models: Reality['models'];
  /** By alternative: what the fake backend plays, where it is not the profile that is verified. */
  played?: readonly NamedProfile[];
  /** Real runs of each alternative. */
  runs: number;
  /** Simulated ones. */
  replications: number;
  tolerances: Tolerances;
  /** Spread of real runs, in percent, above which nothing is concluded. */
  noiseCap: number;
  /** Share of the processors that others may take during a real run; where they take more it is run again, up to twice. */
  othersLimit?: number;
  others?: Others;
  pool: Pool;
  onProgress?: (progress: VerifyProgress) => void;
  /** Keeps the runs that are finished and stops. */
  signal: AbortSignal;
}

export interface VerifyProgress {
  /** Real runs begun so far, and of how many; 0 before the first. */
  run: number;
  runs: number;
  alternative: string;
  /** What is left, in s, as far as one can tell. */
  leftS: number;
}

/** Starting processes and loading take about so long at first, beside warming up; then it is known. */
const STARTING_MS = 2000;
/** Simulations of each load that is tried; more would not change the half percent that is looked for. */
const REPLICATIONS_PER_LOAD = 10;

/** A disturbed run is tried so often, and others are waited for so long before it is run again. */
const RUN_TRIES = 3;
const WAIT_FOR_QUIET_MS = 60_000;

/** One alternative while it is worked on. */
interface Case {
  alternative: ResolvedAlternative;
  reality: Reality;
  prediction: Prediction | undefined;
  refused: string | undefined;
  real: RealRuns;
}

/**
 * Runs alternatives for real and simulated, on the same requests, and sets the two beside each other. All real runs see the same
 * requests, so that what they differ in is the machine's doing.
 *
 * @throws InputError if no alternative can be run, or a trace or a researcher's policy is broken
 */
export async function verify(alternatives: readonly ResolvedAlternative[], options: VerifyOptions): Promise<{ verification: Verification; detail: VerificationDetail }> {
  const { backend, models, played, pool, replications, signal } = options;
  const notes = new Set<string>();
  const cases = alternatives.map((given, i): Case => {
    const { alternative, notes: left } = atTheServer(given);
    for (const note of left) notes.add(note);
    return { alternative, reality: { backend, models, ...(played && { played: played[i] }) }, prediction: undefined, refused: undefined, real: new RealRuns(alternative) };
  });
  for (const one of cases) one.refused = await whyNotServed(one);
  if (cases.every(({ refused }) => refused !== undefined)) throw new InputError(cases[0].refused);
  for (const one of cases) {
    if (one.refused !== undefined || signal.aborted) continue;
    one.prediction = await predict(one.alternative, replications, pool);
    one.refused = one.prediction.result.refused;
  }
  await runAll(cases, options);
  const { seed, title, measure } = alternatives[0].scenario;
  const speed = speedOf(cases[0].alternative, cases.flatMap(({ real }) => real.alone));
  if (speed !== undefined) for (const note of speedNotes(speed)) notes.add(note);
  const verified: VerifiedAlternative[] = [];
  for (const one of cases) {
    const result = await verifiedOf(one, speed, options);
    verified.push(result);
    for (const note of notesOn(result, one.real)) notes.add(note);
  }
  const decision = decisionOf(verified, measure.primary, notes);
  if (options.runs === 1) notes.add('One real run shows no spread; give it five with --runs 5.');
  const judged = verified.flatMap(({ verdict }) => (verdict === 'refused' ? [] : [verdict]));
  return {
    verification: {
      schema: 'corun/verification@1',
      scenario: options.scenario,
      ...(title !== undefined && { title }),
      seed,
      command: options.command,
      backend,
      profiles: [...new Set(alternatives.flatMap(({ accelerators }) => accelerators.map(({ profile }) => profile.name)))],
      machine: thisMachine(),
      primary: measure.primary,
      runs: options.runs,
      replications,
      noise_cap_percent: options.noiseCap,
      stopped: signal.aborted ? 'interrupted' : 'complete',
      verdict: judged.length === 0 ? 'refused' : worst(judged),
      alternatives: verified,
      ...(speed && { speed }),
      ...(decision && { decision }),
      notes: [...notes],
    },
    detail: {
      distributions: cases.flatMap(({ alternative: { name }, prediction, real }) => (prediction === undefined || real.metrics.length === 0 ? [] : [{ alternative: name, real: binsOf(real.latencies), predicted: binsOf(prediction.latencies) }])),
      requests: cases.flatMap(({ real }) => real.requests),
    },
  };
}

/** Why an alternative cannot run for real, before anything is begun. */
async function whyNotServed({ alternative, reality: { backend, models, played } }: Case): Promise<string | undefined> {
  return toldInWords(async () => {
    const executor = await openServing(alternative, { backend, models, ...(played && { played }) });
    await executor.stop(0);
  });
}

async function toldInWords(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** The real runs, one at a time: nothing else is computed meanwhile. */
async function runAll(cases: readonly Case[], { backend, runs, othersLimit = Infinity, others = realOthers, onProgress, signal }: VerifyOptions): Promise<void> {
  const turns = interleaved(cases.length, runs, cases[0].alternative.scenario.seed).filter(({ alternative }) => cases[alternative].refused === undefined);
  let overheadMs = STARTING_MS + warmUpMs(backend);
  for (const [i, { alternative, run }] of turns.entries()) {
    const one = cases[alternative];
    if (signal.aborted) return;
    if (one.refused !== undefined) continue;
    const leftMs = turns.slice(i).reduce((sum, turn) => sum + cases[turn.alternative].prediction!.windowMs + overheadMs, 0);
    onProgress?.({ run: i + 1, runs: turns.length, alternative: one.alternative.name, leftS: leftMs / 1000 });
    const sinceMs = performance.now();
    let done: RealRun | undefined;
    one.refused = await toldInWords(async () => {
      done = await quietRun(one, { othersLimit, others, signal });
    });
    if (done === undefined) continue;
    one.real.add(run, done);
    overheadMs = Math.max(0, performance.now() - sinceMs - done.measured.windowMs);
  }
}

type Asked = Required<Pick<VerifyOptions, 'othersLimit' | 'others' | 'signal'>>;

/** A real run, again where others took too much of the processors meanwhile. */
async function quietRun({ alternative, reality, real }: Case, { othersLimit, others, signal }: Asked): Promise<RealRun | undefined> {
  for (let attempt = 1; ; attempt++) {
    const tellOthers = others.busy();
    const done = await realRun(alternative, reality, signal);
    const share = tellOthers() ?? 0;
    if (done === undefined || share <= othersLimit) return done;
    real.disturbed(share, attempt < RUN_TRIES);
    if (attempt === RUN_TRIES) return done;
    if (!(await quietOrStopped({ othersLimit, others, signal }))) return undefined;
  }
}

/** @returns false if the user wants no more */
async function quietOrStopped({ othersLimit, others, signal }: Asked): Promise<boolean> {
  try {
    await others.quiet(othersLimit, WAIT_FOR_QUIET_MS, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

async function verifiedOf({ alternative, prediction, refused, real }: Case, speed: Speed | undefined, { tolerances, noiseCap, pool, replications, signal }: VerifyOptions): Promise<VerifiedAlternative> {
  const head = { name: alternative.name, runs: real.metrics.length, ...(real.workers && { workers: real.workers }) };
  const why = refused ?? (prediction === undefined || real.metrics.length === 0 ? 'interrupted before its first real run was finished' : undefined);
  if (why !== undefined) return { ...head, verdict: 'refused', refused: why, metrics: {} };
  const { result } = prediction!;
  const also = async (other: ResolvedAlternative) => (await predict(other, Math.min(replications, REPLICATIONS_PER_LOAD), pool)).result.metrics;
  const noContention = await also(withoutContention(alternative));
  const atThisSpeed = speed && (await also(atThatSpeed(alternative, speed.factor)));
  const trains = alternative.accelerators.map(({ site, profile }) => (alternative.policies.retrain.policy === 'never' ? undefined : alternative.scenario.retraining.find((job) => alternative.scenario.sites[site].name === job.site && profile.training?.[job.model])?.model));
  const sides = compareSides(real.metrics, result.metrics, { noContention, lookedUp: lookedUp(alternative, real.workers!, real.offeredRps, trains), atThatSpeed: atThisSpeed }, tolerances, noiseCap);
  const equivalent = signal.aborted ? undefined : await loadEquivalentOf(alternative, sides.metrics.latency_p95_ms?.real?.median, pool);
  return {
    ...head,
    ...sides,
    predicted_load: result.verdict,
    ...(equivalent && { load_equivalent: equivalent }),
    sender_late_ms: { p50: late(real, 0.5), p99: late(real, 0.99), max: real.latestMs },
    ...(result.extrapolated_share !== undefined && { extrapolated_share: result.extrapolated_share }),
  };
}

const late = ({ lateness }: RealRuns, p: number): number => (lateness.total === 0 ? 0 : lateness.quantile(p));

async function loadEquivalentOf(alternative: ResolvedAlternative, realP95Ms: number | undefined, pool: Pool): Promise<LoadEquivalent | undefined> {
  if (realP95Ms === undefined) return undefined;
  if (alternative.scenario.workload.every(({ clients }) => clients !== undefined)) return { reason: 'a closed loop has no load of its own: a slow server is asked less' };
  return loadEquivalent(realP95Ms, (factor) => p95AtLoad(alternative, factor, REPLICATIONS_PER_LOAD, pool));
}

function decisionOf(verified: readonly VerifiedAlternative[], primary: MetricName, notes: Set<string>): Decision | undefined {
  if (verified.length < 2) return undefined;
  const ranked = verified.flatMap(({ name, metrics: { [primary]: metric } }) =>
    metric?.real === undefined || metric.predicted === undefined ? [] : [{ name, real: { value: metric.real.median, interval: metric.real.quartiles }, predicted: { value: metric.predicted.mean, interval: metric.predicted.ci95 } }],
  );
  if (ranked.length < verified.length) notes.add(`The ranking is of the ${ranked.length} of ${verified.length} alternatives that have ${primary} both really and simulated.`);
  return decisionFidelity(ranked, primary, metrics[primary].better);
}

function binsOf(histogram: LatencyHistogram): { upper_ms: number[]; count: number[] } {
  const entries = histogram.entries();
  return { upper_ms: entries.map(({ upperMs }) => upperMs), count: entries.map(({ count }) => count) };
}
