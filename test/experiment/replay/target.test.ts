import { afterEach, describe, expect, it } from 'vitest';
import { payloadsFor } from '../../../src/experiment/replay/payload.js';
import { Sender } from '../../../src/experiment/replay/sender.js';
import { extensionsOf, refuseShapes, targetModel } from '../../../src/experiment/replay/target.js';
import { answer, targetServer, type TargetServer } from './target-server.js';

const open: (TargetServer | Sender)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function model(input: object, name = 'm', shapes = new Map<string, number[]>()) {
  const server = await targetServer((_, __, response) => answer(response), { inputs: [input] });
  const sender = new Sender(server.url, {}, 5000);
  open.push(sender, server);
  return targetModel(sender, name, shapes);
}

describe('what a server says of its model', () => {
  it('one image where the number is open', async () => {
    expect(await model({ name: 'x', datatype: 'FP32', shape: [-1, 4, 4, 3] })).toEqual({ name: 'm', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4, 4, 3] }] });
  });

  it('a shape that is open needs one from the user', async () => {
    const input = { name: 'x', datatype: 'FP32', shape: [-1, -1, -1, 3] };
    await expect(model(input)).rejects.toThrow('the shape of x is [-1, -1, -1, 3], which leaves more open than the number of images; say it with --shape x=1,224,224,3');
    expect((await model(input, 'm', new Map([['x', [1, 8, 8, 3]]]))).inputs[0].shape).toEqual([1, 8, 8, 3]);
  });

  it('a shape of an input that none has is refused', () => {
    const models = [{ name: 'm', inputs: [{ name: 'pixels', datatype: 'FP32', shape: [1, 4] }] }, { name: 'n', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4] }] }];
    expect(() => refuseShapes(new Map([['x', [1]]]), models)).not.toThrow();
    expect(() => refuseShapes(new Map([['pixel', [1]]]), models)).toThrow('--shape pixel=…: no model has such an input; did you mean pixels? they take pixels, x');
  });

  it('a model that is not there is told, with the nearest and all that are', async () => {
    await expect(model({}, 'resnet5')).rejects.toThrow(/\/v2\/models\/resnet5: the server answered 404: no such model; did you mean resnet50\? the server has m, resnet50$/);
  });

  it('a server that is none of the protocol is told', async () => {
    await expect(model({ name: 'x' })).rejects.toThrow('an input needs name, datatype and shape, found {"name":"x"}');
  });

  it('nobody listens', async () => {
    const server = await targetServer(() => {});
    await server.close();
    const sender = new Sender(server.url, {}, 5000);
    await expect(extensionsOf(sender)).rejects.toThrow(`--url ${server.url}/: nothing listens there; start a server, or correct the address`);
  });

  it.each(['', 'nowhere', 'ftp://host'])('%j is no address', (url) => {
    expect(() => new Sender(url, {}, 1)).toThrow('for example --url http://127.0.0.1:8000');
  });
});

describe('a payload', () => {
  const m = (datatype: string) => ({ name: 'm', inputs: [{ name: 'x', datatype, shape: [1, 5, 7] }] });

  it.each([
    ['FP32', 4],
    ['FP64', 8],
    ['FP16', 2],
    ['BOOL', 1],
    ['INT8', 1],
    ['UINT8', 1],
    ['INT16', 2],
    ['UINT16', 2],
    ['INT32', 4],
    ['UINT32', 4],
    ['INT64', 8],
    ['UINT64', 8],
  ])('of %s has as many bytes as its shape, after the JSON that says so', (datatype, width) => {
    const [{ headers, body }] = payloadsFor(m(datatype), '1', 1, true);
    const jsonBytes = Number(headers['inference-header-content-length']);
    expect(JSON.parse(Buffer.from(body.subarray(0, jsonBytes)).toString())).toEqual({ inputs: [{ name: 'x', datatype, shape: [1, 5, 7], parameters: { binary_data_size: 35 * width } }], parameters: { binary_data_output: true } });
    expect(body.length - jsonBytes).toBe(35 * width);
  });

  it('in JSON has the same numbers as in bytes, rounded', () => {
    const [json] = payloadsFor(m('FP32'), 's', 1, false);
    const [{ headers, body }] = payloadsFor(m('FP32'), 's', 1, true);
    const floats = new Float32Array(new Uint8Array(body.subarray(Number(headers['inference-header-content-length']))).buffer);
    const { data } = (JSON.parse(Buffer.from(json.body).toString()) as { inputs: { data: number[] }[] }).inputs[0];
    expect(data).toHaveLength(35);
    data.forEach((value, i) => expect(Math.fround(value)).toBe(floats[i]));
    expect(new Set(data).size).toBeGreaterThan(30);
  });

  it('is the same for the same seed, and another for another image or seed', () => {
    const bytes = (seed: string) => payloadsFor(m('UINT8'), seed, 2, true).map(({ body }) => Buffer.from(body).toString('hex'));
    expect(bytes('1')).toEqual(bytes('1'));
    expect(new Set([...bytes('1'), ...bytes('2')]).size).toBe(4);
  });

  it('that cannot be made is told', () => {
    expect(() => payloadsFor(m('BYTES'), '1', 1, true)).toThrow('its input x is of datatype BYTES, which cannot be drawn');
    expect(() => payloadsFor(m('FP16'), '1', 1, false)).toThrow('has no form in JSON');
  });
});
