import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../../src/executor/executor.js';
import { DEFAULT_LIMITS, openServer } from '../../../src/executor/server/server.js';
import { fakeExecutor } from '../fake-system.js';

const grey = (value: number, width = 16, height = 16) => sharp({ create: { width, height, channels: 3, background: { r: value, g: value, b: value } } });

describe('photographs, metrics, the page and the token', () => {
  let executor: Executor;
  let server: FastifyInstance;
  let guarded: FastifyInstance;

  beforeAll(async () => {
    ({ executor } = fakeExecutor({ models: { plants: { solo_ms: 1 }, birds: { solo_ms: 1 } } }));
    await executor.begin();
    const limits = { ...DEFAULT_LIMITS, image: { side: 2000, pixels: 1_000_000, seconds: 5 } };
    server = openServer(executor, limits);
    guarded = openServer(executor, limits, { token: 'secret' });
  });

  afterAll(async () => {
    await Promise.all([server.close(), guarded.close()]);
    await executor.stop(1000);
  });

  const classify = (payload: Buffer, url = '/v1/classify?model=plants&top=2') => server.inject({ method: 'POST', url, payload, headers: { 'content-type': 'image/png' } });

  // The fake model answers the class that the first byte says.
  it.each([
    ['PNG', () => grey(6).png().toBuffer()],
    ['JPEG', () => grey(6).jpeg({ quality: 100 }).toBuffer()],
    ['WebP', () => grey(6).webp({ lossless: true }).toBuffer()],
  ])('decodes %s into what the model takes', async (_, encoded) => {
    const answer = await classify(await encoded());
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ model: 'plants', answer_id: expect.stringMatching(/^[0-9a-f]{8}-\d+$/), classes: [{ index: 6, score: 1 }, { index: 0, score: 0 }], decode_ms: expect.any(Number), answer_ms: expect.any(Number) });
  });

  it('refuses what is damaged, too large or no image, before control hears of it', async () => {
    const { born } = executor.control.books;
    const whole = await sharp({ create: { width: 300, height: 300, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 100, sigma: 30 } } }).png().toBuffer();
    const cut = await classify(whole.subarray(0, whole.length / 2));
    expect([cut.statusCode, cut.json().error]).toEqual([400, expect.stringMatching(/^the image is damaged: /)]);
    // Few bytes that are 100 million pixels.
    const bomb = await grey(0, 10_000, 10_000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(500_000);
    const refused = await classify(bomb);
    expect([refused.statusCode, refused.json().error]).toEqual([413, 'the image has more than 1 million pixels; make it smaller, the model takes 8 × 8']);
    expect((await classify(await grey(0, 2100, 100).png().toBuffer())).json().error).toBe('the image is 2100 × 100 pixels; at most 2000 each way are decoded');
    expect((await classify(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).statusCode).toBe(415);
    expect((await classify(Buffer.alloc(0))).statusCode).toBe(415);
    expect((await classify(whole, '/v1/classify')).json()).toEqual({ error: 'say which model: /v1/classify?model=plants; there are plants, birds' });
    expect((await classify(whole, '/v1/classify?model=plnts')).statusCode).toBe(404);
    expect((await classify(whole, '/v1/classify?model=plants&top=0')).statusCode).toBe(400);
    expect(executor.control.books.born).toBe(born);
  });

  it.each([
    ['a form', Buffer.from('--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n'), 'it is a form; send the file itself, as curl --data-binary @photo.jpg does'],
    ['a GIF', Buffer.from('GIF89a....'), 'it is a GIF'],
    ['an AVIF', Buffer.from('\0\0\0\x20ftypavif', 'latin1'), 'it is an AVIF, HEIC or MP4 file'],
    ['text', Buffer.from('hello\nyou'), 'it is text'],
    ['nothing', Buffer.alloc(0), 'it is empty'],
    ['other bytes', Buffer.from([0, 1, 2, 255]), 'it begins with 00 01 02 ff'],
  ])('says of %s what it is instead', async (_, payload, instead) => {
    const answer = await classify(payload);
    expect([answer.statusCode, answer.json()]).toEqual([415, { error: `the body must be a JPEG, PNG or WebP image; ${instead}` }]);
  });

  it('names a misspelt word of the query, a wrong method and the paths that there are', async () => {
    const photo = await grey(1).png().toBuffer();
    const query = await classify(photo, '/v1/classify?modell=plants');
    expect([query.statusCode, query.json()]).toEqual([400, { error: 'there is no "modell" in the query; did you mean model?; allowed are model and top' }]);
    const get = await server.inject('/v1/classify?model=plants');
    expect([get.statusCode, get.headers.allow, get.json()]).toEqual([405, 'POST', { error: '/v1/classify takes POST, not GET' }]);
    expect((await server.inject('/v2/models/plants/infer')).statusCode).toBe(405);
    const nowhere = await server.inject('/v1/clasify');
    expect([nowhere.statusCode, nowhere.json().error]).toEqual([404, expect.stringMatching(/^there is no \/v1\/clasify; did you mean \/v1\/classify\?; the paths are .*\/metrics/)]);
  });

  it('counts for Prometheus and for the page what was answered', async () => {
    const before = executor.control.books.ended[0];
    await classify(await grey(3).png().toBuffer());
    const metrics = await server.inject('/metrics');
    expect(metrics.headers['content-type']).toContain('text/plain');
    expect(metrics.body).toContain(`corun_requests_total{app="plants",outcome="answered"} ${before + 1}`);
    expect(metrics.body).toContain(`corun_request_duration_seconds_count{app="plants"} ${before + 1}`);
    expect(metrics.body).toContain('corun_workers{state="idle"} 2');
    const status = (await server.inject('/v1/status')).json();
    expect(status).toMatchObject({ ready: true, in_system: 0, apps: [{ app: 'plants', answered: before + 1, failed: 0 }, { app: 'birds', answered: 0, latency_p50_ms: null }], workers: [{ model: 'plants', state: 'idle' }, { model: 'birds', state: 'idle' }] });
    expect(status.apps[0].latency_p50_ms).toBeGreaterThan(0.9);
    const page = await server.inject('/');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).not.toMatch(/(src|href)=/);
  });

  it('wants the token for all but health and the page', async () => {
    for (const url of ['/v2/health/live', '/v2/health/ready', '/']) expect((await guarded.inject(url)).statusCode).toBe(200);
    for (const url of ['/v2', '/v2/models/plants', '/metrics', '/v1/status']) {
      expect((await guarded.inject(url)).statusCode).toBe(401);
      expect((await guarded.inject({ url, headers: { authorization: 'Bearer wrong' } })).statusCode).toBe(401);
      expect((await guarded.inject({ url, headers: { authorization: 'Bearer secret' } })).statusCode).toBe(200);
    }
    expect((await guarded.inject({ method: 'POST', url: '/v1/classify?model=plants', payload: await grey(1).png().toBuffer(), headers: { 'content-type': 'image/png' } })).statusCode).toBe(401);
  });
});
