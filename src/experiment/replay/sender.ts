import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { InputError } from '../../input/error.js';

/** How a request ended. */
export interface Reply {
  /** The status as a number in decimal ("200"), or why there is none: "timeout", "interrupted", "cut_off", or the system's error code ("ECONNREFUSED"). */
  outcome: string;
  /** The beginning of the body, where it was asked for or the status is not 200. */
  text: string;
}

/** Of a body that tells an error. */
const MOST_ERROR_BYTES = 2048;

/** Sends requests to one server over as many connections as are needed at the same time, which are kept and used again. */
export class Sender {
  readonly url: URL;
  private readonly agent: HttpAgent | HttpsAgent;
  private readonly ask: typeof httpRequest;
  private readonly running = new Set<(why: string) => void>();
  private readonly headers: OutgoingHttpHeaders;
  private readonly timeoutMs: number;

  /**
   * @param url of the server, with the part of the path that stands before /v2, if there is one
   * @param headers that go with each request
   * @param timeoutMs after which a request is given up
   * @param ca certificates (PEM) of those who may vouch for an https server, instead of the usual ones
   * @throws InputError if it is no address of a server
   */
  constructor(url: string, headers: OutgoingHttpHeaders, timeoutMs: number, ca?: Buffer) {
    if (!URL.canParse(url)) throw new InputError(`--url ${url}: an address is needed, for example --url http://127.0.0.1:8000`);
    this.url = new URL(url);
    const { protocol } = this.url;
    if (protocol !== 'http:' && protocol !== 'https:') throw new InputError(`--url ${url}: http or https is needed, for example --url http://127.0.0.1:8000`);
    if (ca !== undefined && protocol === 'http:') throw new InputError(`--ca is for https, and --url ${url} is http; leave it out, or write https`);
    const kept = { keepAlive: true, noDelay: true, maxFreeSockets: Infinity };
    this.agent = protocol === 'http:' ? new HttpAgent(kept) : new HttpsAgent({ ...kept, ...(ca && { ca }) });
    this.ask = protocol === 'http:' ? httpRequest : httpsRequest;
    this.headers = headers;
    this.timeoutMs = timeoutMs;
  }

  /** Requests that were sent and have not ended. */
  get open(): number {
    return this.running.size;
  }

  /** Asks for a document. @returns its whole text */
  get(path: string): Promise<Reply> {
    return this.send('GET', path, {}, undefined, Infinity);
  }

  /** Asks for the models that there are, by the protocol's model repository extension. @returns its whole text */
  index(): Promise<Reply> {
    return this.send('POST', '/v2/repository/index', { 'content-type': 'application/json' }, Buffer.from('{}'), Infinity);
  }

  post(path: string, headers: OutgoingHttpHeaders, body: Uint8Array): Promise<Reply> {
    return this.send('POST', path, headers, body, 0);
  }

  /** Ends all that is running, with this as its outcome. */
  giveUp(why: string): void {
    for (const end of this.running) end(why);
  }

  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, headers: OutgoingHttpHeaders, body: Uint8Array | undefined, mostBytes: number): Promise<Reply> {
    return new Promise((ended) => {
      const end = (outcome: string, text = ''): void => {
        if (!this.running.delete(giveUp)) return;
        clearTimeout(timer);
        ended({ outcome, text });
      };
      const giveUp = (why: string): void => {
        end(why);
        request.destroy();
      };
      this.running.add(giveUp);
      const timer = setTimeout(giveUp, this.timeoutMs, 'timeout');
      const prefix = this.url.pathname.replace(/\/$/, '');
      const { hostname, port } = this.url;
      const request = this.ask({
        agent: this.agent,
        // A URL has brackets around an IPv6 address, a socket has not.
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port: port || undefined,
        method,
        path: prefix + path,
        headers: { ...this.headers, ...headers, ...(body && { 'content-length': body.length }) },
      });
      request.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
      request.on('response', (response) => read(response, mostBytes, end));
      request.end(body);
    });
  }
}

function read(response: IncomingMessage, mostBytes: number, end: (outcome: string, text?: string) => void): void {
  const pieces: Buffer[] = [];
  const most = response.statusCode === 200 ? mostBytes : Math.max(mostBytes, MOST_ERROR_BYTES);
  let bytes = 0;
  response.on('data', (piece: Buffer) => {
    if (bytes < most) pieces.push(piece);
    bytes += piece.length;
  });
  response.on('end', () => end(String(response.statusCode), Buffer.concat(pieces).toString()));
  response.on('error', () => end('cut_off'));
  response.on('close', () => end('cut_off'));
}
