import type { ModelSpec } from '../engines/engine.js';

/** A site that another process runs, as the executor uses it. Times of this process are its executor's, in ms. */
export interface SiteElsewhere {
  /**
   * Asks how things stand there, and goes on asking.
   *
   * @returns what its apps take and give, when the first answer is there
   * @throws InputError if there is nobody, or somebody else
   */
  begin(listener: SiteListener): Promise<ReadonlyMap<string, ModelSpec>>;
  /** Sends a request there. The promise is never rejected. */
  send(request: RequestElsewhere): Promise<ReplyElsewhere>;
  end(): void;
}

export interface SiteListener {
  nowMs(): number;
  reports(report: SiteReport): void;
  /** Whether it answers; may be told again and again. */
  isLost(lost: boolean): void;
}

export interface RequestElsewhere {
  app: string;
  ordinal: number;
  image: Uint8Array;
  /** When it left, and how long after that its answer is of use; Infinity without an SLO. */
  sentMs: number;
  sloMs: number;
}

/** What became of a request. */
export type ReplyElsewhere =
  | { outcome: 'answered'; answer: Uint8Array; model: string; uploadMs: number }
  | { outcome: 'rejected' }
  /** `isLost`: there is nobody at the other end. */
  | { outcome: 'failed'; why: string; isLost: boolean };

/** How things stand at a site, as `GET /v1/site` tells it. */
export interface SiteReport {
  lanes: readonly {
    app: string;
    model: string;
    /** Workers that have loaded it. */
    loaded: number;
    /** What a batch takes at present. */
    service_ms: number;
    /** A fraction; null where nobody says. */
    accuracy: number | null;
  }[];
}
