/** A way to fail, for the requests that it is for: those for which all of `server`, `operation`, `method` and `path` are right. */
export interface Fault {
  /** Either one unless given. */
  readonly server?: "homeserver" | "identity";
  /** An operationId, in which `*` stands for any text. */
  readonly operation?: string;
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** A path as it is sent, without its query, in which `*` stands for any text. */
  readonly path?: string;
  /** How many requests meet it; any number unless given. */
  readonly times?: number;
  /** From 0 to 1: how likely a request meets it; drawn from the seed. */
  readonly probability?: number;
  /** Whether the server does what is asked for, and only its answer is lost. */
  readonly afterWork?: boolean;
  /** Passes before the answer, by the clock or really. */
  readonly latencyMs?: number;
  /** Of the answer in the place of the server's own. */
  readonly status?: number;
  /** That of Matrix for the status unless given; what only proxies answer is a page without. */
  readonly errcode?: string;
  readonly retryAfterMs?: number;
  /** Instead of the standard error: an object as JSON, a text as a page. */
  readonly body?: string | { readonly [field: string]: unknown };
  /** The connection ends without an answer, or in the middle of one. */
  readonly dropConnection?: true | { readonly afterBytes: number };
}
