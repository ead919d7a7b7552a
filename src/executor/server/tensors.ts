import type { ModelSpec, TensorSpec } from '../engines/engine.js';

/** What a client sent is not an inference request, or not one of this model. The message is for the client. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** An inference request of the Open Inference Protocol, version 2, in the units of a worker: one image each. */
export interface InferRequest {
  id: string | undefined;
  images: Uint8Array[];
  /** Whether the client wants the answer as bytes after the JSON. */
  binary: boolean;
}

interface Input {
  name?: unknown;
  shape?: unknown;
  datatype?: unknown;
  parameters?: { binary_data_size?: unknown };
  data?: unknown;
}

interface Body {
  id?: unknown;
  inputs?: unknown;
  outputs?: { name?: unknown; parameters?: { binary_data?: unknown } }[];
  parameters?: { binary_data_output?: unknown };
}

const BYTES_OF: Readonly<Record<string, number>> = { FP32: 4, UINT8: 1 };

const lengthOf = ({ shape }: TensorSpec): number => shape.reduce((product, n) => product * n, 1);

/**
 * Reads an inference request: one input, FP32, or UINT8 that stands for 0 to 1, of shape [images, …shape of one image].
 *
 * @param body JSON, and after its first `jsonBytes` bytes the binary tensors (the protocol's binary extension)
 * @param jsonBytes as the header Inference-Header-Content-Length says; undefined where all is JSON
 * @throws BadRequest
 */
export function readInferRequest(body: Uint8Array, jsonBytes: number | undefined, model: ModelSpec, mostImages: number): InferRequest {
  if (jsonBytes !== undefined && !(Number.isInteger(jsonBytes) && jsonBytes > 0 && jsonBytes <= body.length))
    throw new BadRequest(`Inference-Header-Content-Length must be a whole number from 1 to the ${body.length} bytes of the body`);
  const request = parsed(body.subarray(0, jsonBytes), jsonBytes === undefined);
  const rest = body.subarray(jsonBytes ?? body.length);
  if (!Array.isArray(request.inputs) || request.inputs.length !== 1) throw new BadRequest(`inputs must be a list of one tensor, ${model.input.name}`);
  const input = ((request.inputs as unknown[])[0] ?? {}) as Input;
  if (input.name !== model.input.name) throw new BadRequest(`the input is called ${model.input.name}, not ${JSON.stringify(input.name)}`);
  const width = typeof input.datatype === 'string' && Object.hasOwn(BYTES_OF, input.datatype) ? BYTES_OF[input.datatype] : undefined;
  if (width === undefined) throw new BadRequest(`the datatype of ${model.input.name} must be FP32 or UINT8, not ${JSON.stringify(input.datatype)}`);
  const count = imagesIn(input.shape, model.input, mostImages);
  const bytes = count * lengthOf(model.input) * width;
  const size = input.parameters?.binary_data_size;
  const tensor = size === undefined ? fromJson(input.data, count * lengthOf(model.input), width) : fromBinary(rest, size, bytes);
  const { outputs, parameters } = request;
  if (outputs !== undefined && !(Array.isArray(outputs) && outputs.every((output) => output?.name === model.output.name)))
    throw new BadRequest(`outputs must be a list of ${model.output.name}, which is all that there is`);
  return {
    id: typeof request.id === 'string' ? request.id : undefined,
    images: Array.from({ length: count }, (_, i) => tensor.subarray((i * bytes) / count, ((i + 1) * bytes) / count)),
    binary: (outputs?.[0]?.parameters?.binary_data ?? parameters?.binary_data_output) === true,
  };
}

/** A client that means well sends one of these where JSON is expected. */
function mendOf(body: Uint8Array): string {
  if (body.length === 0) return '; it is empty';
  if ((body[0] === 0xff && body[1] === 0xd8) || (body[0] === 0x89 && body[1] === 0x50) || (body[0] === 0x52 && body[1] === 0x49)) return '; a photograph goes to POST /v1/classify';
  return body[0] === 0x7b && body.some((byte) => byte < 9 || byte > 0x7e) ? '; if binary tensors follow the JSON, the header Inference-Header-Content-Length must say how long the JSON is' : '';
}

function parsed(json: Uint8Array, isWhole: boolean): Body {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.length).toString());
  } catch (error) {
    // A parser quotes what it does not understand, which may be a photograph.
    const what = (error as Error).message.replace(/, .*is not valid JSON$/s, '');
    const mend = isWhole ? mendOf(json) : '; Inference-Header-Content-Length must be the length of the JSON, bytes';
    throw new BadRequest(`the body is not JSON${mend === '' ? `: ${what}` : mend}`);
  }
  if (typeof value !== 'object' || value === null) throw new BadRequest('the body must be a JSON object');
  return value;
}

function imagesIn(shape: unknown, { name, shape: one }: TensorSpec, most: number): number {
  const [count, ...rest] = Array.isArray(shape) ? (shape as unknown[]) : [];
  if (!Number.isInteger(count) || (count as number) < 1 || rest.length !== one.length || rest.some((n, i) => n !== one[i]))
    throw new BadRequest(`the shape of ${name} must be [images, ${one.join(', ')}], not ${JSON.stringify(shape)}`);
  if ((count as number) > most) throw new BadRequest(`a request has at most ${most} images, not ${String(count)}`);
  return count as number;
}

function fromBinary(rest: Uint8Array, size: unknown, bytes: number): Uint8Array {
  if (size !== bytes || rest.length !== bytes) throw new BadRequest(`a tensor of this shape and datatype has ${bytes} bytes; binary_data_size is ${JSON.stringify(size)}, and ${rest.length} bytes follow the JSON`);
  return rest;
}

function fromJson(data: unknown, length: number, width: number): Uint8Array {
  const values: unknown[] = Array.isArray(data) ? data.flat(8) : [];
  if (values.length !== length) throw new BadRequest(`data must be a list of ${length} numbers, and has ${values.length}`);
  const wrong = values.findIndex((value) => typeof value !== 'number' || (width === 1 && !(Number.isInteger(value) && value >= 0 && value <= 255)));
  if (wrong >= 0) throw new BadRequest(`data[${wrong}] must be ${width === 1 ? 'a whole number from 0 to 255' : 'a number'}, not ${JSON.stringify(values[wrong])}`);
  return width === 1 ? Uint8Array.from(values as number[]) : new Uint8Array(Float32Array.from(values as number[]).buffer);
}

/** What is sent back. `jsonBytes` is what the header Inference-Header-Content-Length has to say; undefined where all is JSON. */
export interface InferAnswer {
  body: Uint8Array;
  jsonBytes: number | undefined;
}

/** @param answers one float32 tensor for each image, and the ids by which they can be labelled */
export function writeInferAnswer(name: string, { output }: ModelSpec, { id, binary }: InferRequest, answers: readonly { answer: Uint8Array; id: string }[]): InferAnswer {
  const all = Buffer.concat(answers.map(({ answer }) => answer));
  const tensor = { name: output.name, datatype: output.datatype, shape: [answers.length, ...output.shape] };
  const whole = (what: object): Buffer => Buffer.from(JSON.stringify({ model_name: name, ...(id !== undefined && { id }), parameters: { answer_ids: answers.map((one) => one.id).join(',') }, outputs: [{ ...tensor, ...what }] }));
  if (binary) {
    const head = whole({ parameters: { binary_data_size: all.length } });
    return { body: Buffer.concat([head, all]), jsonBytes: head.length };
  }
  return { body: whole({ data: Array.from(new Float32Array(new Uint8Array(all).buffer)) }), jsonBytes: undefined };
}
