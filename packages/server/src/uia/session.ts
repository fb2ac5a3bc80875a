/** A value that survives JSON. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One way through the authentication: stages in their order. */
export interface UiaFlow {
  readonly stages: readonly string[];
}

/** A stage that was completed, with what its handler wants to remember; never the credential itself. */
export interface UiaCompletion {
  readonly type: string;
  readonly evidence: JsonValue;
  /** The account whose owner this stage has proven to be there, if it proves one. */
  readonly userId: string | null;
}

/** The answer of an operation, kept so that a repeated final request gets it again. */
export interface UiaStoredResult {
  readonly status: number;
  readonly body: JsonValue;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One user-interactive authentication, plain data that a database row can hold. Whoever holds the ID can finish it, and
 * a result may contain an access token, so a store that writes to disk does well to hash the one and seal the other.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export interface UiaSession {
  readonly id: string;
  /** Grows by one with each update; see {@link UiaSessionStore.update}. */
  readonly revision: number;
  readonly operationId: string;
  /** The decoded path and query parameters, so that a session for one device does not delete another. */
  readonly target: string;
  readonly userId: string | null;
  /** SHA-256 of the canonical JSON of the body without `auth`. */
  readonly bodyDigest: string;
  readonly flows: readonly UiaFlow[];
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly completed: readonly UiaCompletion[];
  readonly failures: number;
  readonly state: "open" | "executing" | "done";
  /** Whether a changed body is taken although stages are complete: a registration whose user name was lost. */
  readonly rebindable: boolean;
  /** Until when the process that executes owns the session, in ms; afterwards another may take over. */
  readonly leaseEnd: number | null;
  readonly result: UiaStoredResult | null;
  readonly createdAt: number;
  readonly usedAt: number;
}

/** Which sessions `prune` removes: those last used before, or created before, or done and last used before. */
export interface UiaPruneLimits {
  readonly usedBefore: number;
  readonly createdBefore: number;
  readonly doneBefore: number;
}

/**
 * Where sessions live. `Tx` is what the homeserver's own writes take to be part of the same transaction; a store
 * without transactions leaves it undefined.
 */
export interface UiaSessionStore<Tx = undefined> {
  create(session: UiaSession): Promise<void>;
  get(id: string): Promise<UiaSession | undefined>;
  /**
   * Compare-and-set: writes the session if the stored revision is `session.revision - 1`, and says whether it did. With
   * a `tx` the write is part of that transaction.
   */
  update(session: UiaSession, tx?: Tx): Promise<boolean>;
  /** Runs `work`, commits when it resolves, rolls back when it rejects and rejects with the same reason. */
  transaction<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value>;
  prune(limits: UiaPruneLimits): Promise<void>;
}
