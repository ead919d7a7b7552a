import { InputError } from '../../input/error.js';
import { stream, type Stream } from '../../random/stream.js';
import type { TargetModel, TargetTensor } from './target.js';

type Numbers = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

interface Datatype {
  make(length: number): Numbers;
  draw(uniform: number): number | bigint;
  /** Whether JSON can tell it. */
  json: boolean;
}

const byte = (uniform: number): number => Math.floor(uniform * 256);
const whole = (make: Datatype['make']): Datatype => ({ make, draw: byte, json: true });

/** Datatypes of the protocol that can be drawn. Fractions are from 0 to 1, whole numbers from 0 to 255 (INT8 to 127). */
const datatypes: Readonly<Record<string, Datatype>> = {
  FP32: { make: (n) => new Float32Array(n), draw: (u) => Number(u.toFixed(4)), json: true },
  FP64: { make: (n) => new Float64Array(n), draw: (u) => Number(u.toFixed(4)), json: true },
  // All bit patterns below that of 1 (0x3c00) are fractions from 0 to 1. The protocol has no JSON for it.
  FP16: { make: (n) => new Uint16Array(n), draw: (u) => Math.floor(u * 0x3c00), json: false },
  BOOL: { make: (n) => new Uint8Array(n), draw: (u) => Math.floor(u * 2), json: true },
  INT8: { make: (n) => new Int8Array(n), draw: (u) => Math.floor(u * 128), json: true },
  UINT8: whole((n) => new Uint8Array(n)),
  INT16: whole((n) => new Int16Array(n)),
  UINT16: whole((n) => new Uint16Array(n)),
  INT32: whole((n) => new Int32Array(n)),
  UINT32: whole((n) => new Uint32Array(n)),
  INT64: { make: (n) => new BigInt64Array(n), draw: (u) => BigInt(byte(u)), json: true },
  UINT64: { make: (n) => new BigUint64Array(n), draw: (u) => BigInt(byte(u)), json: true },
};

/** The body of an inference request. */
export interface Payload {
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A tensor that is as long as this is no image. */
const MOST_ELEMENTS = 1 << 26;

/**
 * Bodies for one model, with tensors drawn at random: one image each.
 *
 * @param seed the same seed, model and count give the same bytes
 * @param binary tensors as bytes after the JSON (the protocol's binary tensor extension), else in the JSON
 * @throws InputError where a tensor cannot be made
 */
export function payloadsFor(model: TargetModel, seed: string, count: number, binary: boolean): Payload[] {
  return Array.from({ length: count }, (_, i) => payload(model, stream(seed, 'payload', model.name, i), binary));
}

function payload({ name, inputs }: TargetModel, draw: Stream, binary: boolean): Payload {
  const tensors = inputs.map((input) => ({ input, values: drawn(name, input, draw, binary) }));
  const told = tensors.map(({ input: { name: tensor, datatype, shape }, values }) => ({
    name: tensor,
    datatype,
    shape,
    ...(binary ? { parameters: { binary_data_size: values.byteLength } } : { data: Array.from<number | bigint, number | boolean>(values, (value) => (datatype === 'BOOL' ? value === 1 : Number(value))) }),
  }));
  if (!binary) return { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ inputs: told }, fourDecimals)) };
  const head = Buffer.from(JSON.stringify({ inputs: told, parameters: { binary_data_output: true } }));
  const bytes = tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return { headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(head.length) }, body: Buffer.concat([head, ...bytes]) };
}

/** A float32 has more digits as a double than it means. */
const fourDecimals = (_key: string, value: unknown): unknown => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(4)) : value);

function drawn(model: string, { name, datatype, shape }: TargetTensor, draw: Stream, binary: boolean): Numbers {
  const type = Object.hasOwn(datatypes, datatype) ? datatypes[datatype] : undefined;
  if (type === undefined) throw new InputError(`model ${model}: its input ${name} is of datatype ${datatype}, which cannot be drawn; it can be ${Object.keys(datatypes).join(', ')}`);
  if (!binary && !type.json) throw new InputError(`model ${model}: its input ${name} is of datatype ${datatype}, which has no form in JSON, and the server does not name the extension binary_tensor_data`);
  const length = shape.reduce((product, n) => product * n, 1);
  if (length > MOST_ELEMENTS) throw new InputError(`model ${model}: its input ${name} has the shape [${shape.join(', ')}], which is ${length} numbers; ${MOST_ELEMENTS} are the most`);
  const values = type.make(length);
  for (let i = 0; i < length; i++) values[i] = type.draw(draw());
  return values;
}
