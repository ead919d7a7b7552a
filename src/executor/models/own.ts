import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { InputError } from '../../input/error.js';

/** A model.json as TensorFlow.js writes it. */
interface ModelJson extends io.ModelJSON {
  format?: string;
}

/** What a user's model.json says, with its weights. */
export interface OwnModel {
  kind: 'layers' | 'graph';
  artifacts: io.ModelArtifacts;
}

const isUrl = (place: string): boolean => /^https?:\/\//i.test(place);

/** Reads what lies at a path or URL. */
async function read(place: string): Promise<Buffer> {
  if (!isUrl(place)) {
    try {
      return await readFile(place);
    } catch (error) {
      throw new InputError(`${place}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
    }
  }
  const answer = await fetch(place).catch((error: unknown) => {
    throw new InputError(`${place}: no answer (${error instanceof Error ? error.message : String(error)})`);
  });
  if (!answer.ok) throw new InputError(`${place}: the server answers ${answer.status} ${answer.statusText}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Where a file lies that a model.json names. */
const beside = (place: string, name: string): string => (isUrl(place) ? new URL(name, place).href : join(dirname(place), name));

/** Layers models have layers, graph models have nodes; the field `format` says it too, and was not always written. */
function kindOf({ format, modelTopology }: ModelJson): OwnModel['kind'] | undefined {
  if (format === 'layers-model' || format === 'graph-model') return format === 'layers-model' ? 'layers' : 'graph';
  if (modelTopology !== undefined && 'node' in modelTopology) return 'graph';
  return modelTopology !== undefined && ('model_config' in modelTopology || 'class_name' in modelTopology) ? 'layers' : undefined;
}

/**
 * Reads a model.json and its weights from a path or URL.
 *
 * @throws InputError if it cannot be read, or is no such file, or its weights are not all there
 */
export async function readOwnModel(place: string): Promise<OwnModel> {
  const text = (await read(place)).toString('utf8');
  const json = parsed(place, text);
  const kind = kindOf(json);
  if (kind === undefined) throw new InputError(`${place}: neither a layers model nor a graph model of TensorFlow.js; write one with tensorflowjs_converter, or with model.save()`);
  const groups = json.weightsManifest ?? [];
  const parts = await Promise.all(groups.flatMap(({ paths }) => paths).map((name) => read(beside(place, name))));
  const whole = Buffer.concat(parts);
  const weightData = new Uint8Array(whole).buffer;
  const { modelTopology, trainingConfig, signature, userDefinedMetadata } = json;
  const weightSpecs = groups.flatMap<io.WeightsManifestEntry>(({ weights }) => weights);
  const expected = bytesOf(weightSpecs);
  if (expected !== undefined && expected !== weightData.byteLength)
    throw new InputError(`${place}: its weights should be ${expected} bytes, and the files that it names have ${weightData.byteLength}; they were cut short, or belong to another model`);
  return { kind, artifacts: { modelTopology, weightSpecs, weightData, trainingConfig, signature, userDefinedMetadata } };
}

function parsed(place: string, text: string): ModelJson {
  try {
    const json: unknown = JSON.parse(text);
    if (json !== null && typeof json === 'object') return json as ModelJson;
  } catch (error) {
    throw new InputError(`${place}: not JSON (${(error as Error).message})`);
  }
  throw new InputError(`${place}: a JSON object is needed`);
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2, complex64: 8 };

/** Bytes of all weights together; undefined if there are strings, whose length is only in the data. */
function bytesOf(specs: readonly io.WeightsManifestEntry[]): number | undefined {
  let sum = 0;
  for (const { shape, dtype, quantization } of specs) {
    const each = BYTES[quantization?.dtype ?? dtype];
    if (each === undefined) return undefined;
    sum += each * shape.reduce((product, length) => product * length, 1);
  }
  return sum;
}
