import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import type { Sender } from './sender.js';

/** An input of a model, as one image is sent to it. */
export interface TargetTensor {
  name: string;
  datatype: string;
  /** All above 0; the first is 1 where the server leaves the number of images open. */
  shape: number[];
}

export interface TargetModel {
  name: string;
  inputs: TargetTensor[];
}

/** Why nobody answers, by the system's error code. */
const SILENCE: Readonly<Record<string, string | undefined>> = {
  ECONNREFUSED: 'nothing listens there; start a server, or correct the address',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'what listens there closed the connection; is it https instead of http, or the reverse?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody known vouches for its certificate; name the file that does: --ca cert.pem',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody known vouches for its certificate; name the file that does: --ca cert.pem',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody known vouches for its certificate; name the file that does: --ca cert.pem',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody known vouches for its certificate; name the file that does: --ca cert.pem',
  CERT_HAS_EXPIRED: 'its certificate has expired; the server needs a new one',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name than that of --url; write one that it names',
  EPROTO: 'what listens there does not speak https; try http',
  timeout: 'nobody answered in time',
};

/** Where a model is found. */
export const pathOf = (model: string): string => `/v2/models/${encodeURIComponent(model)}`;

/**
 * What a server of the Open Inference Protocol, version 2, can do.
 *
 * @returns its extensions, for example binary_tensor_data
 * @throws InputError if nobody answers
 */
export async function extensionsOf(sender: Sender): Promise<string[]> {
  const { outcome, text } = await sender.get('/v2');
  if (!/^\d+$/.test(outcome)) throw new InputError(`--url ${sender.url.href}: ${SILENCE[outcome] ?? `no answer (${outcome})`}`);
  const { extensions } = parsed(text) as { extensions?: unknown };
  return outcome === '200' && Array.isArray(extensions) ? extensions.map(String) : [];
}

/**
 * Asks for a model's inputs.
 *
 * @param shapes by the name of a tensor, where the server leaves one open
 * @throws InputError if the server does not have the model, or does not say enough
 */
export async function targetModel(sender: Sender, name: string, shapes: ReadonlyMap<string, readonly number[]>): Promise<TargetModel> {
  const { outcome, text } = await sender.get(pathOf(name));
  const place = `${sender.url.origin}${sender.url.pathname.replace(/\/$/, '')}${pathOf(name)}`;
  const told = parsed(text) as { error?: unknown; inputs?: unknown };
  if (outcome !== '200') {
    const said = typeof told.error === 'string' ? told.error : undefined;
    const names = outcome === '404' || outcome === '400' ? await knownModels(sender) : [];
    const near = said?.includes('did you mean') ? '' : didYouMean(name, names);
    if (outcome === '401') throw new InputError(`${place}: the server answered 401${said === undefined ? '' : `: ${said}`}; it wants a token: --header "authorization=Bearer TOKEN"`);
    const hint = names.length > 0 ? `${near}${near === '' ? ';' : ''} the server has ${names.join(', ')}` : near;
    throw new InputError(`${place}: the server answered ${outcome}${said === undefined ? '; is it one of the Open Inference Protocol, version 2?' : `: ${said}`}${hint}`);
  }
  if (!Array.isArray(told.inputs) || told.inputs.length === 0) throw new InputError(`${place}: the answer names no inputs; is it a server of the Open Inference Protocol, version 2?`);
  return { name, inputs: told.inputs.map((input) => tensor(place, input as Record<string, unknown>, shapes)) };
}

function tensor(place: string, { name, datatype, shape }: Record<string, unknown>, shapes: ReadonlyMap<string, readonly number[]>): TargetTensor {
  if (typeof name !== 'string' || typeof datatype !== 'string' || !Array.isArray(shape)) throw new InputError(`${place}: an input needs name, datatype and shape, found ${JSON.stringify({ name, datatype, shape })}`);
  const given = shapes.get(name);
  if (given !== undefined) return { name, datatype, shape: [...given] };
  const numbers = shape.map((n, i) => (i === 0 && Number(n) === -1 ? 1 : Number(n)));
  if (numbers.some((n) => !Number.isInteger(n) || n < 1)) throw new InputError(`${place}: the shape of ${name} is [${shape.join(', ')}], which leaves more open than the number of images; say it with --shape ${name}=${numbers.map((n) => (n > 0 ? n : 224)).join(',')}`);
  return { name, datatype, shape: numbers };
}

/** @throws InputError for a shape of an input that none of the models has */
export function refuseShapes(shapes: ReadonlyMap<string, unknown>, models: readonly TargetModel[]): void {
  const known = [...new Set(models.flatMap(({ inputs }) => inputs.map(({ name }) => name)))];
  for (const name of shapes.keys()) if (!known.includes(name)) throw new InputError(`--shape ${name}=…: no model has such an input${didYouMean(name, known) || ';'} they take ${known.join(', ')}`);
}

/** The names of a server's models, where it has the protocol's model repository extension. */
async function knownModels(sender: Sender): Promise<string[]> {
  const { outcome, text } = await sender.index();
  const models = parsed(text);
  return outcome === '200' && Array.isArray(models) ? models.map(({ name }: { name?: unknown }) => String(name)) : [];
}

function parsed(text: string): object {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    // Whatever it is, it is not what the protocol says; what is missing is told where it is needed.
    return {};
  }
}
