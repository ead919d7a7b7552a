import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import pc from 'picocolors';
import { workingBackend } from '../executor/backends/find.js';
import { openPool } from '../experiment/pool.js';
import { alternativeNamed } from '../experiment/serving/choose.js';
import { refuseBackend } from '../experiment/serving/open.js';
import { tolerancesOf } from '../experiment/verify/tolerances.js';
import { verify, type VerifyProgress } from '../experiment/verify/verify.js';
import { InputError } from '../input/error.js';
import { makeDirectory } from '../report/write.js';
import { verificationText } from '../report/verify/text.js';
import { writeVerification } from '../report/verify/write.js';
import { loadScenario, type LoadedScenario } from '../scenario/load.js';
import { resolveAlternatives } from '../scenario/resolve.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import { choicesOf, modelsOf } from './model-choices.js';
import type { VerifyArguments } from './verify.js';

/** More would only take memory. */
const MOST_THREADS_PER_PROCESSOR = 4;

/** What `corun verify` does: run for real and simulated, print, write. */
export async function runVerify(argv: VerifyArguments): Promise<void> {
  check(argv);
  const overrides = argv.seed === undefined ? argv.set : [...argv.set, `seed=${argv.seed}`];
  const tolerances = tolerancesOf(argv.tolerance);
  refuseBackend(argv.backend);
  if (argv.profile !== undefined && !existsSync(argv.profile)) throw new InputError(`--profile ${argv.profile}: there is no such file`);
  const written = await loadScenario(argv.scenario, overrides);
  const own = argv.profile !== undefined && argv.backend !== 'fake' ? undefined : chosen(await resolveAlternatives(written), argv.alternative);
  const alternatives = argv.profile === undefined ? own! : chosen(await resolveAlternatives(await loadScenario(argv.scenario, [...overrides, ...profileEverywhere(written, argv.profile)])), argv.alternative);
  if (argv.backend !== 'fake') await workingBackend(argv.backend);
  if (argv.out !== undefined) await makeDirectory(argv.out);

  // What a researcher's policy prints must not end up in the result.
  console.log = console.error;
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    process.stderr.write('\ninterrupted: keeping the real runs that are finished\n');
    interrupt.abort();
  };
  process.once('SIGINT', onInterrupt);
  const pool = openPool(Math.min(argv.threads, MOST_THREADS_PER_PROCESSOR * availableParallelism()));
  try {
    const { verification, detail } = await verify(alternatives, {
      scenario: argv.scenario,
      command: commandLine(argv, overrides),
      backend: argv.backend,
      models: choicesOf(argv, [...new Set(alternatives.flatMap(modelsOf))]),
      // The fake backend stands for the machine that the scenario describes, not for the profile that is held against it.
      ...(argv.backend === 'fake' && { played: own!.map(({ accelerators }) => accelerators[0].profile) }),
      runs: argv.runs,
      replications: argv.replications,
      tolerances,
      noiseCap: argv.noiseCap,
      ...(argv.othersLimit !== undefined && { othersLimit: argv.othersLimit / 100 }),
      pool,
      onProgress: tellProgress,
      signal: interrupt.signal,
    });
    if (argv.format === 'json') process.stdout.write(`${JSON.stringify(verification, undefined, 2)}\n`);
    else process.stdout.write(verificationText(verification, { colour: pc.isColorSupported && process.stdout.isTTY === true, width: process.stdout.columns }));
    if (argv.out !== undefined) process.stderr.write(`wrote ${(await writeVerification(argv.out, verification, detail)).join(', ')}\n`);
    if (verification.verdict === 'off' || verification.verdict === 'refused') process.exitCode = 1;
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    await pool.close();
  }
}

function check(argv: VerifyArguments): void {
  for (const name of ['runs', 'replications', 'threads'] as const) if (!Number.isInteger(argv[name]) || argv[name] < 1) throw new InputError(`--${name} ${argv[name]}: a whole number from 1 is needed`);
  if (argv.replications < 2) throw new InputError('--replications 1: an interval needs two');
  if (!(argv.noiseCap > 0)) throw new InputError(`--noise-cap ${argv.noiseCap}: a number of percent above 0 is needed`);
  if (argv.othersLimit !== undefined && !(argv.othersLimit > 0 && argv.othersLimit < 100)) throw new InputError(`--others-limit ${argv.othersLimit}: percent of the processors above 0 and below 100 are needed`);
}

const chosen = (alternatives: ResolvedAlternative[], names: readonly string[]): ResolvedAlternative[] => (names.length === 0 ? alternatives : names.map((name) => alternativeNamed(alternatives, name)));

/** The profile in the place of each that the scenario names. */
function profileEverywhere({ written }: LoadedScenario, profile: string): string[] {
  return written.sites.flatMap(({ accelerators, device }, site) => (device === true ? [] : accelerators.map((_, a) => `sites.${site}.accelerators.${a}.profile=${JSON.stringify(resolve(profile))}`)));
}

/** One line for each real run, also where stderr is no terminal: there may be an hour of them. */
function tellProgress({ run, runs, alternative, leftS }: VerifyProgress): void {
  const left = leftS < 90 ? `${Math.ceil(leftS)} s` : `${Math.ceil(leftS / 60)} min`;
  process.stderr.write(`real run ${run} of ${runs}: ${alternative}; about ${left} left\n`);
}

/** The command line that does it again. */
function commandLine({ scenario, profile, backend, alternative, runs, replications, tolerance, noiseCap, othersLimit, source, inputSize, classes }: VerifyArguments, overrides: readonly string[]): string {
  const each = (option: string, values: readonly string[]): string[] => values.flatMap((value) => [option, value]);
  const words = [
    ...['corun', 'verify', scenario, ...(profile === undefined ? [] : ['--profile', profile]), '-b', backend],
    ...each('-a', alternative),
    ...['--runs', String(runs), '--replications', String(replications), '--noise-cap', String(noiseCap)],
    ...(othersLimit === undefined ? [] : ['--others-limit', String(othersLimit)]),
    ...each('--tolerance', tolerance),
    ...each('--source', source),
    ...(inputSize === undefined ? [] : ['--input-size', String(inputSize)]),
    ...(classes === undefined ? [] : ['--classes', String(classes)]),
    ...each('--set', overrides),
  ];
  return words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
