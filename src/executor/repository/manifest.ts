import { Type, type Static } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { formatPath } from '../../input/path.js';
import { validate } from '../../input/validate.js';

export const SHA256 = /^[0-9a-f]{64}$/;

const Version = Type.Object(
  {
    sha256: Type.String({ pattern: SHA256.source, description: 'of its file, by which the file is named' }),
    bytes: Type.Integer({ minimum: 1, description: 'length of its file' }),
    accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'share of its answers that are right, as a fraction' })),
  },
  { additionalProperties: false },
);

/** What a repository holds: the versions of each model, the oldest first. The first one is version 1. */
export const ManifestSchema = Type.Object(
  {
    schema: Type.Literal('corun/repository@1'),
    models: Type.Record(Type.String({ minLength: 1 }), Type.Array(Version, { minItems: 1 })),
  },
  { additionalProperties: false },
);

export type Manifest = Static<typeof ManifestSchema>;
export type Version = Static<typeof Version>;

export const EMPTY: Manifest = { schema: 'corun/repository@1', models: {} };

/** @param where what the message calls it @throws InputError if the text is no manifest */
export function readManifest(text: string, where: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${where}: this is not the manifest of a repository: ${(error as Error).message}`);
  }
  const { value, issues } = validate(ManifestSchema, json);
  if (issues.length > 0) throw new InputError(issues.map(({ path, sentence }) => `${where}: ${formatPath(path)}: ${sentence}`).join('\n'));
  return value as Manifest;
}

export const writtenManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, undefined, 2)}\n`;
