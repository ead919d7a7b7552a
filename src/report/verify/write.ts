import type { RealRequest, Verification, VerificationDetail } from '../../experiment/verify/result.js';
import { csv } from '../csv.js';
import { writeFiles } from '../write.js';
import { verificationHtml } from './html.js';

const COLUMNS = ['alternative', 'run', 'app', 'due_ms', 'sent_ms', 'ended_ms', 'outcome', 'slo_ms'] as const satisfies (keyof RealRequest)[];

const cell = (value: string | number | undefined): string | number | undefined => (typeof value === 'number' ? Number(value.toFixed(3)) : value);

/** Writes `summary.json`, `requests.csv` and `report.html` into a folder. @returns their paths @throws InputError when it cannot be written to */
export function writeVerification(dir: string, verification: Verification, detail: VerificationDetail): Promise<string[]> {
  return writeFiles(dir, [
    ['summary.json', () => `${JSON.stringify(verification, undefined, 2)}\n`],
    ['requests.csv', () => csv([[...COLUMNS], ...detail.requests.map((request) => COLUMNS.map((column) => cell(request[column])))])],
    ['report.html', () => verificationHtml(verification, detail)],
  ]);
}
