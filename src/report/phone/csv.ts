import type { PhoneRequest } from '../../experiment/phone/phone-run.js';
import { csv } from '../csv.js';

const ms = (value: number): string | undefined => (Number.isFinite(value) ? String(Number(value.toFixed(3))) : undefined);

/** A row for each request of a client: when it was due, sent and ended, and who answered. Empty is what did not happen. */
export function phoneCsv(requests: readonly PhoneRequest[]): string {
  return csv([
    ['ordinal', 'app', 'site', 'model', 'due_ms', 'sent_ms', 'ended_ms', 'upload_ms', 'outcome', 'slo_ms'],
    ...requests.map(({ ordinal, app, site, model, dueMs, sentMs, endedMs, uploadMs, outcome, sloMs }) => [ordinal, app, site, model, ms(dueMs), ms(sentMs), ms(endedMs), ms(uploadMs), outcome, ms(sloMs)]),
  ]);
}
