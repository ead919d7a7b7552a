import { inBlocks } from '../contention/fit/blocks.js';
import { fitContention } from '../contention/fit/fit.js';
import { InputError } from '../input/error.js';
import type { FitPage } from '../report/fit/input.js';
import type { NamedProfile } from '../profile/load.js';
import { fitPage } from './fit-page.js';
import { fitProfile } from './fit-profile.js';
import { fitResult, type FitResult } from './fit-result.js';
import { observationsFile } from './observations/folder.js';
import { Fingerprints } from './observations/fingerprints.js';
import { readObservations } from './observations/read.js';

export interface RunFitOptions {
  test?: string;
  capacityMiB?: number;
  /** Fit to means of blocks of rows about so long, ms: see `blockMeans`. */
  blockMs?: number;
  /** Also make a profile with this name. */
  profileName?: string;
  /** Leave out rows of retraining that evaluates, and what ran beside it. */
  withoutEvaluation?: boolean;
  onProgress?: (text: string) => void;
}

export interface RanFit {
  result: FitResult;
  page: FitPage;
  profile?: NamedProfile;
}

/**
 * Reads observations, fits them, and scores what was fitted on the groups of a second file, whose rows the fit never sees: rows
 * that are in both are left out of the second.
 *
 * @param given a file, or the folder of a calibration
 * @throws InputError for what is wrong with the files
 */
export async function runFit(given: string, { test: givenTest, capacityMiB, blockMs, profileName, withoutEvaluation = false, onProgress = () => {} }: RunFitOptions = {}): Promise<RanFit> {
  const seen = new Fingerprints();
  const progress = (of: string) => (rows: number) => onProgress(`${of}: ${rows} rows`);
  const file = await observationsFile(given);
  const test = givenTest === undefined ? undefined : await observationsFile(givenTest);
  const observations = await readObservations(file, seen, progress(file));
  const groups = observations.groups.filter((g) => !withoutEvaluation || g.phase !== 'evaluate');
  const leftOut = observations.groups.filter((g) => !groups.includes(g)).reduce((sum, { n }) => sum + n, 0);
  const testing = test === undefined ? undefined : await readObservations(test, seen, progress(test));
  if (!groups.some((g) => g.mode !== 'open')) throw new InputError(`${file}: all rows are of an open loop; contention is fitted to jobs that are always busy (mode closed)`);
  let fits = 0;
  const fit = fitContention(groups, { capacityMiB, blockMs, onFit: () => onProgress(`cross-validation: ${++fits} fits`) });
  const about = { files: [file], testFiles: test === undefined ? [] : [test], rows: observations.rows - leftOut + (testing?.rows ?? 0), warnings: [...observations.warnings, ...(testing?.warnings ?? [])] };
  const tested = testing?.groups.map((g) => (blockMs === undefined ? g : inBlocks(g, blockMs)));
  const result = fitResult(fit, about, tested);
  return { result, page: fitPage(fit, result, tested ?? []), ...(profileName === undefined ? {} : { profile: fitProfile(fit, result, profileName) }) };
}
