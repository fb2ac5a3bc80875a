/** What the servers call others with: `fetch`, except that what it refuses or cannot finish is an OutboundError. */
export type OutboundFetch = (url: string | URL, init?: OutboundRequest) => Promise<Response>;

export interface OutboundRequest {
  /** GET unless given. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the fields of a form: the headers say which unless they are given. */
  readonly body?: string | URLSearchParams;
  readonly signal?: AbortSignal;
  /** The URL is one that users or other servers have made up: our own servers are as private to it as all others. */
  readonly isForeign?: boolean;
  /** `outbound.maximumResponseBytes` unless given. */
  readonly maximumResponseBytes?: number;
}

type OutboundFailure =
  /** The address is private, or the URL is none that may be fetched. */
  "refused" | "unreachable" | "timeout" | "too-large" | "aborted";

/** A redirect is no failure: it is returned as it came, and not followed. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  readonly reason: OutboundFailure;

  constructor(reason: OutboundFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
