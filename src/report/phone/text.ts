import Table from 'cli-table3';
import type { PhoneRequest } from '../../experiment/phone/phone-run.js';
import { formatNumber, formatShare } from '../number.js';

/** The value below which so many of them are, by the nearest rank; NaN of none. */
const quantile = (values: readonly number[], p: number): number => (values.length === 0 ? NaN : [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(p * values.length) - 1)]);
const msOf = (value: number): string => (Number.isFinite(value) ? formatNumber(value) : '–');

/** Who answered a client's requests, how fast, and in time or not, for the terminal. */
export function phoneText(title: string, requests: readonly PhoneRequest[]): string {
  const groups = new Map<string, PhoneRequest[]>();
  for (const request of requests) {
    const key = JSON.stringify([request.app, request.site ?? '', request.model ?? request.outcome]);
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  const table = new Table({ head: ['app', 'site', 'model', 'requests', 'share', 'upload, ms', 'P50, ms', 'P95, ms', 'in time'], style: { head: [], border: [] }, colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'] });
  for (const [key, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const latencies = group.filter(({ outcome }) => outcome === 'answered').map(({ dueMs, endedMs }) => endedMs - dueMs);
    const withSlo = group.filter(({ sloMs }) => sloMs < Infinity);
    const inTime = withSlo.filter(({ outcome, dueMs, endedMs, sloMs }) => outcome === 'answered' && endedMs - dueMs <= sloMs).length;
    const [app, site, model] = JSON.parse(key) as string[];
    table.push([app, site === '' ? '–' : site, model, group.length, formatShare(group.length / requests.length), msOf(quantile(group.map(({ uploadMs }) => uploadMs).filter((ms) => !Number.isNaN(ms)), 0.5)), msOf(quantile(latencies, 0.5)), msOf(quantile(latencies, 0.95)), withSlo.length === 0 ? '–' : formatShare(inTime / withSlo.length)]);
  }
  return `${title}\n${table.toString()}\n`;
}
