import * as vega from 'vega';
import { describe, expect, it } from 'vitest';
import { fitHtml } from '../../src/report/fit/html.js';
import { curveName, curves, soloMs, type FitPage } from '../../src/report/fit/input.js';
import { slowdownMatrix } from '../../src/report/fit/matrix.js';
import { rankedScores } from '../../src/report/fit/scores.js';
import { fitSentences } from '../../src/report/fit/sentences.js';
import { fitFixture } from './fit-fixture.js';

const embedded = (html: string): { charts: { id: string; spec: vega.Spec }[]; data: Record<string, Record<string, unknown>[]> } =>
  JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/.exec(html)![1]);

async function expectDrawn(id: string, spec: vega.Spec, data: Record<string, object[]>): Promise<void> {
  for (const set of spec.data ?? []) if (Object.hasOwn(data, set.name)) Object.assign(set, { values: data[set.name] });
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  expect(/<path|<line/.test(svg), id).toBe(true);
  expect(/.{0,40}(?:NaN|undefined).{0,40}/.exec(svg)?.[0], id).toBeUndefined();
  view.finalize();
}

const empty: FitPage = { files: ['a.csv'], testFiles: [], rows: 0, groups: [], scores: [], notIdentifiable: [], warnings: ['a.csv has no rows.'] };

describe('the page', () => {
  it('loads nothing, and Vega runs each of its drawings', async () => {
    const html = await fitHtml(fitFixture());
    const parts = html.split(/<script>/);
    expect([parts[0], ...parts.slice(2)].join('').match(/\b(?:src|href|action|srcset)\s*=|@import|url\(|\bfetch\(|https?:\/\//gi)).toBeNull();
    const { charts, data } = embedded(html);
    expect(charts.map(({ id }) => id.replace(/^chart-(\w+)-\d+$/, '$1'))).toEqual(['curve', 'curve', 'curve', 'curve', 'residuals', 'residuals', 'scores', 'memory']);
    for (const { id, spec } of charts) {
      expect(html.includes(`id="${id}"`), id).toBe(true);
      expect(String(spec.description).length).toBeGreaterThan(20);
      await expectDrawn(id, spec, data);
    }
  });

  it('shows every score in the table, and why a candidate was rejected', async () => {
    const html = await fitHtml(fitFixture());
    for (const { name } of fitFixture().scores) expect(html.includes(`<th scope="row">${name}</th>`), name).toBe(true);
    expect(html.includes('needs L2 utilisation')).toBe(true);
    expect(html.includes('1328 MiB fixed, 1167 MiB for each inference job. In 16280 MiB fit 12 inference jobs.')).toBe(true);
  });

  it('says what it can of data without a co-run, and of none', async () => {
    const alone = fitFixture();
    const page = { ...alone, groups: alone.groups.filter((g) => g.solo), memory: undefined };
    for (const some of [page, empty]) {
      const html = await fitHtml(some);
      const { charts, data } = embedded(html);
      expect(charts.some(({ id }) => id.includes('memory'))).toBe(false);
      for (const { spec } of charts) expect(() => vega.parse(spec)).not.toThrow();
      expect(data).not.toHaveProperty('memory_line');
    }
    expect(fitSentences(page).details).toContain('There is no group with neighbours, so nothing is known of contention.');
    expect(fitSentences(empty)).toEqual({ headline: 'No model could be fitted to these data.', details: ['a.csv has no rows.'] });
  });

  it('cannot be broken out of by a name', async () => {
    const nasty = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'&';
    const page = JSON.parse(JSON.stringify(fitFixture()).replaceAll('resnet18-cifar', JSON.stringify(nasty).slice(1, -1)).replaceAll('bottleneck', JSON.stringify(nasty).slice(1, -1))) as FitPage;
    const html = await fitHtml({ ...page, files: [nasty], warnings: [nasty], notIdentifiable: [{ model: nasty, needs: nasty }] });
    expect(html.match(/<script/g)!.length).toBe(3);
    expect(html.includes('<img')).toBe(false);
  });
});

describe('the summary', () => {
  it('names what was selected, its errors, and those of the naive models', () => {
    const { headline, details } = fitSentences(fitFixture());
    expect(headline.replaceAll('\u00a0', ' ')).toBe(
      'A combination of bottleneck (0.62) and usl (0.38) is off by 2.4 % when one group is left out, 3.1 % with more neighbours than seen and 2.2 % on groups that it never saw.',
    );
    expect(details).toContain('These are the errors of bottleneck, which has the largest weight.');
    expect(details.find((d) => d.startsWith('To compare'))).toMatch(/nearest measured group is off by 14 %.*; no contention is off by 58 %/);
  });

  it('counts the intervals that hold what was observed', () => {
    const page = fitFixture();
    const groups = page.groups.slice(0, 4).map((g, i) => ({ ...g, solo: false, observedMs: 100, predictedMs: 100, interval95Ms: [i < 3 ? 90 : 101, 110] as const }));
    expect(fitSentences({ ...page, groups }).details).toContain('3 of 4 observed medians lie within their 95 % intervals.');
  });
});

describe('slowdowns', () => {
  it('are over the median alone of the same model and workload, from the fit’s data where it is there', () => {
    const { groups } = fitFixture();
    const alone = groups.find((g) => g.name === 'steady 1+0')!;
    expect(soloMs(groups, groups.find((g) => g.name === 'steady 9+0')!)).toBe(alone.observedMs);
    expect(soloMs(groups, groups.find((g) => g.workload === 'training')!)).toBe(25_900);
    expect(soloMs(groups.filter((g) => !g.solo), alone)).toBeUndefined();
    expect(slowdownMatrix({ ...fitFixture(), groups: groups.filter((g) => !g.solo) })).toBe('');
  });

  it('stand in one row while numbers of jobs differ, the unseen ones underlined', () => {
    const html = slowdownMatrix(fitFixture());
    const rows = html.split('<tr>').slice(2);
    expect(rows).toHaveLength(7);
    expect(rows[0].match(/<td class="heat/g)).toHaveLength(12);
    expect(rows[0].match(/unseen/g)).toHaveLength(6);
    expect(rows[0]).toContain('>5.40<small>5.37</small>');
  });
});

it('groups of one curve differ in nothing but the number of inference jobs and the data they are from', () => {
  const names = curves(fitFixture().groups).map(([name]) => name);
  expect(names).toEqual([
    'resnet18-cifar',
    'resnet18-cifar, loading',
    'resnet18-cifar beside training of resnet18-cifar, train',
    'resnet18-cifar beside training of resnet18-cifar, evaluate',
    'training of resnet18-cifar, train',
  ]);
  for (const [name, groups] of curves(fitFixture().groups)) for (const g of groups) expect(curveName(g)).toBe(name);
});

it('candidates are ranked by error, then come the naive ones, then the rejected', () => {
  expect(rankedScores(fitFixture().scores).map(({ name }) => name)).toEqual(['usl', 'bottleneck', 'table', 'linear', 'nearest measured group', 'no contention', 'igniter']);
});
