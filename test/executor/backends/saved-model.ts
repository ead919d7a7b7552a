import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A message of protocol buffers: the number of a field, and its value. Bytes are strings and messages. */
type Fields = readonly (readonly [field: number, value: number | string | Buffer])[];

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
};

const message = (fields: Fields): Buffer =>
  Buffer.concat(
    fields.flatMap(([field, value]) => {
      if (typeof value === 'number') return [varint(field * 8), varint(value)];
      const bytes = Buffer.from(value as string);
      return [varint(field * 8 + 2), varint(bytes.length), bytes];
    }),
  );

const FLOAT = 1;
const shape = (...sizes: number[]): Buffer => message(sizes.map((size) => [2, message([[1, size]])]));
const entry = (key: string, value: Buffer): Buffer => message([[1, key], [2, value]]);
const type = message([[6, FLOAT]]);
const no = message([[5, 0]]);
const node = (name: string, op: string, inputs: string[], attributes: Record<string, Buffer>): Buffer =>
  message([[1, name], [2, op], ...inputs.map((input) => [3, input] as const), ...Object.entries(attributes).map(([key, value]) => [5, entry(key, value)] as const)]);
const about = (name: string, ...sizes: number[]): Buffer => message([[1, `${name}:0`], [2, FLOAT], [3, shape(...sizes)]]);

/** Writes a SavedModel that answers y = x · w with w = [[1, 2, 3], [4, 5, 6]]. Field numbers are those of TensorFlow's saved_model, meta_graph, graph, node_def and tensor .proto. */
export function writeSavedModel(folder: string): void {
  const w = message([[1, FLOAT], [2, shape(2, 3)], [4, Buffer.from(new Float32Array([1, 2, 3, 4, 5, 6]).buffer)]]);
  const nodes = [
    node('x', 'Placeholder', [], { dtype: type, shape: message([[7, shape(-1, 2)]]) }),
    node('w', 'Const', [], { dtype: type, value: message([[8, w]]) }),
    node('y', 'MatMul', ['x', 'w'], { T: type, transpose_a: no, transpose_b: no }),
  ];
  const graph = message([...nodes.map((bytes) => [1, bytes] as const), [4, message([[1, 1395]])]]);
  const signature = message([[1, entry('x', about('x', -1, 2))], [2, entry('y', about('y', -1, 3))], [3, 'tensorflow/serving/predict']]);
  const meta = message([[1, message([[4, 'serve']])], [2, graph], [5, entry('serving_default', signature)]]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'saved_model.pb'), message([[1, 1], [2, meta]]));
}
