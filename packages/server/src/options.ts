import type { OperationDescriptor, SecurityScheme } from "@matrix-openapi/definitions";
import type { AuthenticatedUser } from "./handlers.ts";
import type { MatrixError } from "./matrix-error.ts";
import type { UserInteractiveAuth } from "./uia/user-interactive-auth.ts";

/** What is known when a token is looked up. */
export interface TokenUse {
  readonly operation: OperationDescriptor;
  readonly request: Request;
  readonly remoteAddress: string | undefined;
  /** Where the token came from: the Authorization header, or the deprecated query parameter. */
  readonly scheme: SecurityScheme;
}

/** Finds a token's owner; undefined means that no such token is known. An error says why else it does not count. */
export type Authenticate<User> = (
  token: string,
  use: TokenUse,
) => User | undefined | { readonly error: MatrixError } | Promise<User | undefined | { readonly error: MatrixError }>;

/** Where an unexpected error happened. */
export interface ErrorPlace {
  readonly operationId: string | null;
  readonly request: Request;
}

/** What any API takes. */
export interface ApiOptions<User extends AuthenticatedUser> {
  /** Without it no token is known. */
  readonly authenticate?: Authenticate<User>;
  /** Gets what handlers throw, other than a `MatrixError`; the caller only sees a 500 `M_UNKNOWN`. */
  readonly onError?: (error: unknown, place: ErrorPlace) => void;
  /** Largest JSON body in bytes; 1 MiB unless given. Larger ones are answered with 413 `M_TOO_LARGE`. */
  readonly maxBodyBytes?: number;
  /**
   * Largest body that is not JSON, in bytes; 50 MiB unless given. One that is stated to be larger is answered with 413
   * `M_TOO_LARGE`; the stream of one that turns out to be throws the same as a `MatrixError`.
   */
  readonly maxUploadBytes?: number;
  /** Deepest nesting of a JSON body; 64 unless given. */
  readonly maxBodyDepth?: number;
  /**
   * Mends a parsed body in place before it is validated, so that a server can put up with clients that are known to
   * deviate from the description.
   */
  readonly mendBody?: (operationId: string, body: Record<string, unknown>) => void;
  /**
   * Holds every answer against the description: for development and tests. A mismatch goes to `onError` and is a 500.
   */
  readonly validateResponses?: boolean;
}

/**
 * What the client-server API takes beside that. Without `uia` its sessions live in this process's memory, only
 * self-completing stages work, and there are no transactions: handlers that want one make `uia` required.
 */
export type ClientServerApiOptions<User extends AuthenticatedUser, Tx> = ApiOptions<User> &
  ([undefined] extends [Tx] ? { readonly uia?: UserInteractiveAuth<Tx> } : { readonly uia: UserInteractiveAuth<Tx> });
