import { crc32 } from 'node:zlib';

const MAGIC = 'CORUNTF1';
const START = 12;
const CHECKSUM = 4;

/** Float32 values with a name and a shape. */
export interface NamedValues {
  name: string;
  shape: readonly number[];
  values: Float32Array;
}

/** Tensors in one piece of memory, with what is to be known about them. */
export interface TensorFile<About> {
  about: About;
  tensors: NamedValues[];
}

/** Bytes that are no whole tensor file: torn, overwritten, or of something else. */
export class DamagedTensors extends Error {
  override readonly name = 'DamagedTensors';
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/**
 * Writes tensors into one binary: 8 bytes `CORUNTF1`, the length of the header as uint32, the header as JSON filled up with spaces to a
 * multiple of four, all values as float32, and the CRC-32 of everything before. Numbers are little-endian.
 *
 * @param about is JSON
 */
export function encodeTensors({ about, tensors }: TensorFile<unknown>): Uint8Array {
  const json = Buffer.from(JSON.stringify({ about, tensors: tensors.map(({ name, shape }) => ({ name, shape })) }));
  const headerBytes = Math.ceil(json.length / 4) * 4;
  const floats = tensors.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = Buffer.alloc(START + headerBytes + 4 * floats + CHECKSUM, ' ');
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt32LE(headerBytes, 8);
  json.copy(bytes, START);
  let at = START + headerBytes;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, at)), at);
  return bytes;
}

/**
 * Reads what `encodeTensors` wrote. The values are copies, so the bytes may begin at any address and be used again.
 *
 * @throws DamagedTensors
 */
export function decodeTensors<About>(given: Uint8Array): TensorFile<About> {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (bytes.length < START + CHECKSUM) throw new DamagedTensors(`it has ${bytes.length} bytes, and ends within its header`);
  if (bytes.toString('latin1', 0, 8) !== MAGIC) throw new DamagedTensors('it does not begin as a file of tensors does');
  const end = bytes.length - CHECKSUM;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) throw new DamagedTensors('its checksum does not agree with its content; it was cut short or changed');
  let at = START + bytes.readUInt32LE(8);
  const { about, tensors } = JSON.parse(bytes.toString('utf8', START, at)) as { about: About; tensors: { name: string; shape: number[] }[] };
  const read = tensors.map(({ name, shape }) => {
    const values = new Float32Array(sizeOf(shape));
    new Uint8Array(values.buffer).set(bytes.subarray(at, (at += values.byteLength)));
    return { name, shape, values };
  });
  if (at !== end) throw new DamagedTensors(`its header speaks of ${at + CHECKSUM} bytes, and it has ${bytes.length}`);
  return { about, tensors: read };
}
