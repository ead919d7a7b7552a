import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../../src/executor/executor.js';
import { DEFAULT_LIMITS, openServer } from '../../../src/executor/server/server.js';
import { fakeExecutor } from '../fake-system.js';

const LENGTH = 8 * 8 * 3;

describe('the Open Inference Protocol', () => {
  let executor: Executor;
  let server: FastifyInstance;

  beforeAll(async () => {
    ({ executor } = fakeExecutor({ models: { plants: { solo_ms: 1 }, slow: { solo_ms: 100 } } }));
    await executor.begin();
    server = openServer(executor, { ...DEFAULT_LIMITS, waiting: 3, images: 3, bodyBytes: 100_000 });
  });

  afterAll(async () => {
    await server.close();
    await executor.stop(1000);
    expect(executor.control.books.inSystem).toBe(0);
  });

  const infer = (payload: object | Buffer, headers: Record<string, string> = {}, model = 'plants') => server.inject({ method: 'POST', url: `/v2/models/${model}/infer`, payload, headers });
  const input = (more: object = {}) => ({ name: 'input', datatype: 'UINT8', shape: [1, 8, 8, 3], data: new Array(LENGTH).fill(4), ...more });

  it('tells its health and its models', async () => {
    expect((await server.inject('/v2/health/live')).statusCode).toBe(200);
    expect((await server.inject('/v2/health/ready')).json()).toEqual({ ready: true });
    expect((await server.inject('/v2')).json()).toMatchObject({ name: 'corun', extensions: ['binary_tensor_data'] });
    expect((await server.inject('/v2/models/plants')).json()).toEqual({
      name: 'plants',
      versions: ['1'],
      platform: 'tensorflowjs',
      inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 8, 8, 3] }],
      outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, 10] }],
    });
    const unknown = await server.inject('/v2/models/plnats');
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toEqual({ error: 'no model is called plnats; did you mean plants? Allowed: plants, slow' });
  });

  it('answers JSON with JSON, image by image', async () => {
    const data = [...new Array<number>(LENGTH).fill(3), ...new Array<number>(LENGTH).fill(7)];
    const answer = await infer({ id: 'mine', inputs: [input({ datatype: 'FP32', shape: [2, 8, 8, 3], data })] });
    expect(answer.json()).toEqual({ model_name: 'plants', parameters: { answer_ids: expect.stringMatching(/^[0-9a-f]{8}-\d+(,[0-9a-f]{8}-\d+)*$/) }, id: 'mine', outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [2, 10], data: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0] }] });
  });

  it('answers bytes with bytes', async () => {
    const head = Buffer.from(JSON.stringify({ inputs: [{ name: 'input', datatype: 'UINT8', shape: [1, 8, 8, 3], parameters: { binary_data_size: LENGTH } }], parameters: { binary_data_output: true } }));
    const answer = await infer(Buffer.concat([head, Buffer.alloc(LENGTH, 9)]), { 'inference-header-content-length': String(head.length), 'content-type': 'application/octet-stream' });
    const jsonBytes = Number(answer.headers['inference-header-content-length']);
    expect(JSON.parse(answer.rawPayload.subarray(0, jsonBytes).toString())).toEqual({ model_name: 'plants', parameters: { answer_ids: expect.stringMatching(/^[0-9a-f]{8}-\d+(,[0-9a-f]{8}-\d+)*$/) }, outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [1, 10], parameters: { binary_data_size: 40 } }] });
    expect(Array.from({ length: 10 }, (_, i) => answer.rawPayload.readFloatLE(jsonBytes + 4 * i))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it.each([
    ['an unknown datatype', input({ datatype: 'BF16' }), 'the datatype of input must be FP32 or UINT8, not "BF16"'],
    ['a property of every object', input({ datatype: 'constructor' }), 'the datatype of input must be FP32 or UINT8, not "constructor"'],
    ['another shape', input({ shape: [1, 9, 8, 3] }), 'the shape of input must be [images, 8, 8, 3], not [1,9,8,3]'],
    ['too many images', input({ shape: [4, 8, 8, 3] }), 'a request has at most 3 images, not 4'],
    ['too few numbers', input({ data: [1, 2] }), 'data must be a list of 192 numbers, and has 2'],
    ['what is no byte', input({ data: new Array(LENGTH).fill(256) }), 'data[0] must be a whole number from 0 to 255, not 256'],
    ['another name', input({ name: 'image' }), 'the input is called input, not "image"'],
    ['bytes that do not follow', input({ parameters: { binary_data_size: LENGTH } }), 'a tensor of this shape and datatype has 192 bytes; binary_data_size is 192, and 0 bytes follow the JSON'],
  ])('refuses %s, and says what is allowed', async (_, tensor, error) => {
    const answer = await infer({ inputs: [tensor] });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({ error });
  });

  it('refuses what is no request, before control hears of it', async () => {
    const { born } = executor.control.books;
    expect((await infer(Buffer.from('{'))).json()).toMatchObject({ error: expect.stringMatching(/^the body is not JSON: /) });
    const head = Buffer.from(JSON.stringify({ inputs: [input({ data: undefined, parameters: { binary_data_size: LENGTH } })] }));
    expect((await infer(Buffer.concat([head, Buffer.alloc(LENGTH, 1)]))).json()).toEqual({ error: 'the body is not JSON; if binary tensors follow the JSON, the header Inference-Header-Content-Length must say how long the JSON is' });
    expect((await infer(head, { 'inference-header-content-length': String(head.length - 2) })).json()).toEqual({ error: 'the body is not JSON; Inference-Header-Content-Length must be the length of the JSON, bytes' });
    expect((await infer(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).json()).toEqual({ error: 'the body is not JSON; a photograph goes to POST /v1/classify' });
    expect((await infer(Buffer.alloc(0))).json()).toEqual({ error: 'the body is not JSON; it is empty' });
    expect((await infer(Buffer.from('null'))).statusCode).toBe(400);
    expect((await infer({ inputs: [null] })).statusCode).toBe(400);
    expect((await infer({ inputs: [input()] }, { 'inference-header-content-length': '-4' })).statusCode).toBe(400);
    expect((await infer({ inputs: [input()] }, { 'x-slo-ms': 'soon' })).json()).toEqual({ error: 'x-slo-ms must be a number of ms above 0, not "soon"' });
    expect((await infer(Buffer.alloc(100_001))).statusCode).toBe(413);
    expect(executor.control.books.born).toBe(born);
  });

  it('answers 503 with Retry-After when too many wait, and those that it took are answered', async () => {
    const body = { inputs: [input()] };
    const answers = await Promise.all(Array.from({ length: 5 }, () => infer(body, {}, 'slow')));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 503, 503]);
    expect(answers.find(({ statusCode }) => statusCode === 503)!.headers['retry-after']).toBe('1');
  });
});
