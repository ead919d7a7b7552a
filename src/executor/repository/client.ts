import { InputError } from '../../input/error.js';
import { readManifest, type Manifest } from './manifest.js';

/** How long a repository may be silent before it counts as not there, ms. */
const SILENT_MS = 10_000;

/** A repository over HTTP, seen from who reads it. */
export class RepositoryClient {
  readonly url: string;
  private readonly headers: Record<string, string>;
  private readonly silentMs: number;

  /** @throws InputError if the URL is none */
  constructor(url: string, { token, silentMs = SILENT_MS }: { token?: string | undefined; silentMs?: number } = {}) {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new InputError(`--repository ${url}: the address of a repository is needed, for example http://127.0.0.1:8100, as corun repository serve says it`);
    this.url = url.replace(/\/+$/, '');
    this.headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.silentMs = silentMs;
  }

  /**
   * @param etag of the manifest that is known
   * @returns undefined if it has not changed
   * @throws Error if it cannot be reached, or answers something else
   */
  async manifest(signal: AbortSignal, etag?: string): Promise<{ manifest: Manifest; etag: string | undefined } | undefined> {
    const where = `${this.url}/v1/repository`;
    const response = await this.get('/v1/repository', AbortSignal.any([signal, AbortSignal.timeout(this.silentMs)]), etag === undefined ? {} : { 'if-none-match': etag });
    if (response.status === 304) return undefined;
    const text = await response.text();
    if (response.status !== 200) throw new Error(refusal(where, response.status));
    return { manifest: readManifest(text, where), etag: response.headers.get('etag') ?? undefined };
  }

  /**
   * The bytes of a file from a position on. Its pieces stop with an error if none comes for a while.
   *
   * @returns `from`: where they begin, which is 0 where the server sends the whole file all the same
   * @throws NoSuchBytes if the file is shorter than that
   */
  async blob(sha256: string, from: number, signal: AbortSignal): Promise<{ from: number; pieces: AsyncIterable<Uint8Array> }> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${this.silentMs / 1000} s`)), this.silentMs);
    timer.unref();
    try {
      const response = await this.get(`/v1/blobs/${sha256}`, AbortSignal.any([signal, silence.signal]), from === 0 ? {} : { range: `bytes=${from}-`, 'if-range': `"${sha256}"` });
      if (response.status === 416) throw new NoSuchBytes();
      if ((response.status !== 200 && response.status !== 206) || response.body === null) throw new Error(refusal(`${this.url}/v1/blobs/${sha256}`, response.status));
      const begin = response.status === 206 ? from : 0;
      if (response.status === 206 && !response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) throw new Error(`it was asked for bytes from ${from} on, and sent ${response.headers.get('content-range')}`);
      return { from: begin, pieces: watched(response.body, timer) };
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
  }

  private async get(path: string, signal: AbortSignal, headers: Record<string, string>): Promise<Response> {
    try {
      return await fetch(this.url + path, { headers: { ...this.headers, ...headers }, signal, redirect: 'error' });
    } catch (error) {
      const { cause } = error as { cause?: { code?: string; message?: string } };
      throw new Error(`${this.url} cannot be reached: ${cause?.code ?? cause?.message ?? (error as Error).message}`, { cause: error });
    }
  }
}

/** The file ends before the byte that was asked for. */
export class NoSuchBytes extends Error {}

async function* watched(body: AsyncIterable<Uint8Array>, timer: NodeJS.Timeout): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of body) {
      timer.refresh();
      yield piece;
    }
  } finally {
    clearTimeout(timer);
  }
}

const refusal = (where: string, status: number): string => `${where} answered ${status}${status === 401 ? ': it wants a token; give it with --repository-token-file FILE' : ''}`;
