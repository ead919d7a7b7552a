import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as vega from 'vega';
import type { Comparison, Detail } from '../../src/experiment/result.js';
import { charts } from '../../src/report/charts/charts.js';
import { latencyBuckets } from '../../src/report/charts/latency-over-time.js';
import { stateShares } from '../../src/report/charts/residency.js';
import { dark, light } from '../../src/report/charts/theme.js';
import { reportHtml } from '../../src/report/html.js';
import { anyComparison } from './arbitrary.js';
import { fixture } from './fixture.js';

const none: Detail = { recordings: [], distributions: [] };

/** The page without the source of Vega. */
const ours = (html: string): string => {
  const scripts = html.split(/<script>/);
  return [scripts[0], ...scripts.slice(2)].join('');
};

/** As `toContain`, but without printing the page. */
const expectText = (html: string, text: string): void => expect(html.includes(text), text).toBe(true);

const embedded = (html: string): { charts: { id: string; spec: vega.Spec }[]; data: Record<string, object[]> } =>
  JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/.exec(html)![1]);

async function expectDrawn(id: string, spec: vega.Spec, data: Record<string, object[]>): Promise<void> {
  for (const set of spec.data ?? []) if (Object.hasOwn(data, set.name)) Object.assign(set, { values: data[set.name] });
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  expect(/<path|<line/.test(svg), id).toBe(true);
  expect(/.{0,40}(?:NaN|undefined).{0,40}/.exec(svg)?.[0], id).toBeUndefined();
  view.finalize();
}

describe('the report', () => {
  const { comparison, detail } = fixture();
  const warnings: unknown[] = [];
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation((...text) => void warnings.push(text)));
  afterEach(() => void vi.restoreAllMocks());

  it('is one page that loads nothing', async () => {
    const html = await reportHtml(comparison, detail);
    const loads = /\b(?:src|href|action|poster|srcset)\s*=|@import|url\(|\bfetch\(|XMLHttpRequest|https?:\/\//gi;
    expect(ours(html).match(loads)).toBeNull();
    expectText(html, `content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"`);
    expect(html.slice(0, 33)).toBe('<!doctype html>\n<html lang="en">\n');
    expect(html.length).toBeLessThan(3e6);
    expect(warnings).toEqual([]);
  });

  it('has drawings that Vega runs, with what they show in words', async () => {
    const html = await reportHtml(comparison, detail);
    const { charts: drawings, data } = embedded(html);
    expect(drawings.length).toBeGreaterThan(12);
    for (const { id, spec } of drawings) {
      expectText(html, `id="${id}"`);
      expect(String(spec.description).length).toBeGreaterThan(20);
      await expectDrawn(id, spec, data);
    }
  });

  it('says the same as the terminal', async () => {
    const html = (await reportHtml(comparison, detail)).replaceAll('\u00a0', ' ');
    expectText(html, 'separate GPUs wins on P95 latency: 106.6 ± 1.3 ms.');
    expectText(html, 'corun compare scenarios/quickstart.yaml --set seed=1 --out report');
    expectText(html, 'Start-up of a worker takes 1.8 s for every model');
  });

  it('cannot be broken out of by a name', async () => {
    const nasty = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'&';
    const text = JSON.stringify({ comparison, detail })
      .replaceAll('corun"', `${JSON.stringify(nasty).slice(1, -1)}"`)
      .replaceAll('plants #1', JSON.stringify(nasty).slice(1, -1));
    const changed = JSON.parse(text) as { comparison: Comparison; detail: Detail };
    changed.comparison.title = nasty;
    changed.comparison.scenario = nasty;
    changed.comparison.profiles[0].source.push(nasty);
    const html = await reportHtml(changed.comparison, changed.detail);
    expect(html.match(/<script/g)!.length).toBe(3);
    expect(html.match(/<\/script/gi)!.length).toBe(3);
    expect(html.includes('<img')).toBe(false);
    expectText(JSON.stringify(embedded(html).data), 'onerror');
  });

  it('is made of any comparison, also of none', async () => {
    await reportHtml({ ...comparison, alternatives: [], differences: [], best: {} }, none);
    await fc.assert(
      fc.asyncProperty(anyComparison, async (any) => {
        const html = await reportHtml(any, {
          ...detail,
          recordings: detail.recordings.slice(0, 1).map((r) => ({ ...r, alternative: any.alternatives[0]?.name ?? 'none' })),
        });
        expect(html.match(/<\/script/gi)!.length).toBe(3);
        const { charts: drawings, data } = embedded(html);
        for (const { id, spec } of drawings) if (/^chart-(estimates|differences)/.test(id)) await expectDrawn(id, spec, data);
      }),
      { numRuns: 25 },
    );
    expect(warnings).toEqual([]);
  });

  it('says why a chart is empty', () => {
    const notes = charts(comparison, none).map((c) => [c.id, c.panels.length, c.note]);
    expect(notes).toContainEqual(['latency-distribution', 0, 'No request was answered under any alternative.']);
    expect(notes).toContainEqual(['residency', 0, 'Nothing was recorded: no work reached an accelerator.']);
  });
});

describe('what the charts show', () => {
  it('counts the time in each state', () => {
    const at = { accelerator: 'g', track: 't' };
    const shares = stateShares(
      [
        { ...at, kind: 'training', start_ms: 0, end_ms: 60 },
        { ...at, kind: 'inference', start_ms: 40, end_ms: 70 },
        { ...at, kind: 'inference', start_ms: 50, end_ms: 80 },
        { ...at, kind: 'loading', start_ms: -10, end_ms: 10 },
        { ...at, kind: 'paused', start_ms: 60, end_ms: 100 },
      ],
      0,
      100,
    );
    expect(shares).toEqual({ both: 0.2, inference: 0.2, training: 0.4, loading: 0, idle: 0.2 });
  });

  it('takes percentiles of the requests born in each interval', () => {
    const requests = Array.from({ length: 400 }, (_, i) => ({
      app: 'a',
      site: 'edge',
      model: 'a',
      born_ms: i,
      arrived_ms: i,
      started_ms: i,
      answered_ms: 0,
      latency_ms: (i % 100) + 1,
      outcome: i < 100 ? ('rejected' as const) : ('answered' as const),
      in_slo: true,
      attempts: 1,
    }));
    const buckets = latencyBuckets({ alternative: 'a', horizon_ms: 400, requests, requests_total: 400, spans: [], spans_total: 0, epochs_ms: [] });
    expect(buckets.length).toBe(20);
    expect(buckets[0]).toMatchObject({ answered: 0, unanswered: 20, p50: NaN });
    expect(buckets[5]).toEqual({ atMs: 110, p50: 10.5, p95: 19.05, answered: 20, unanswered: 0 });
  });

  it.each([
    ['light', light],
    ['dark', dark],
  ])('uses colours that stand out from the %s card', (_, theme) => {
    const luminance = (hex: string): number => {
      const [r, g, b] = [1, 3, 5]
        .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: string, b: string): number => {
      const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
      return (x + 0.05) / (y + 0.05);
    };
    for (const colour of theme.alternatives) expect(contrast(colour, theme.surface)).toBeGreaterThanOrEqual(3);
    expect(contrast(theme.ink, theme.surface)).toBeGreaterThanOrEqual(7);
    expect(contrast(theme.muted, theme.surface)).toBeGreaterThanOrEqual(4.5);
  });
});
