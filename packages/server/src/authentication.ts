import type { OperationDescriptor, SecurityScheme } from "@matrix-openapi/definitions";
import type { IncomingRequest } from "./api.ts";
import type { ErrcodeChoice } from "./description.ts";
import type { AuthenticatedUser } from "./handlers.ts";
import { MatrixError } from "./matrix-error.ts";
import type { Authenticate, TokenUse } from "./options.ts";
import { queryValues } from "./request-target.ts";

type Caller<User> = User | undefined;

/** Finds whoever makes a request; synchronous where the token's lookup is. */
export type FindCaller<User> = (incoming: IncomingRequest, query: string) => Caller<User> | Promise<Caller<User>>;

/**
 * Authenticates the requests of one operation, by the access token in the header or, deprecated, in the query.
 * https://spec.matrix.org/v1.19/client-server-api/#using-access-tokens
 */
export function createAuthentication<User extends AuthenticatedUser>(
  operation: OperationDescriptor,
  authenticate: Authenticate<User>,
  errcodes: ErrcodeChoice,
): FindCaller<User> {
  const { mode, schemes } = operation.auth;
  const inHeader = schemes.find((scheme) => scheme.endsWith("Bearer"));
  const inQuery = schemes.find((scheme) => scheme.endsWith("Query"));
  const isForServices = schemes.every((scheme) => scheme.startsWith("appservice"));
  if (mode === "none") return () => undefined;

  return (incoming, query) => {
    const header = inHeader === undefined ? null : bearerToken(incoming.header("authorization"));
    const parameter = inQuery === undefined || query === "" ? null : queryToken(query);
    if (header !== null && parameter !== null && header !== parameter) throw severalTokens();
    const token = header ?? parameter;
    const scheme = header === null ? inQuery : inHeader;
    if (token === null || scheme === undefined) {
      if (mode === "optional") return undefined;
      throw new MatrixError(401, errcodes.missingToken, 'No access token found: send "Authorization: Bearer <token>".');
    }
    const owner = authenticate(token, new TokenUseOf(operation, incoming, scheme));
    return owner instanceof Promise ? owner.then(admit) : admit(owner);
  };

  function admit(owner: User | undefined | { readonly error: MatrixError }): User {
    if (owner === undefined) {
      throw new MatrixError(401, errcodes.unknownToken, "The access token is not known here: log in again.");
    }
    if ("error" in owner) throw owner.error;
    if ("guest" in owner && owner.guest === true && !operation.guest) {
      throw new MatrixError(403, "M_GUEST_ACCESS_FORBIDDEN", "Guests may not do this: register an account.");
    }
    if (isForServices && !("applicationService" in owner && owner.applicationService !== undefined)) {
      throw new MatrixError(403, "M_FORBIDDEN", "Only application services may do this: use the token of one.");
    }
    return owner;
  }
}

function bearerToken(header: string | null): string | null {
  return header === null ? null : (/^bearer +(\S+) *$/i.exec(header)?.[1] ?? null);
}

function queryToken(query: string): string | null {
  const [token, ...others] = queryValues(query, "access_token") ?? [];
  if (others.some((other) => other !== token)) throw severalTokens();
  return token || null;
}

function severalTokens(): MatrixError {
  return new MatrixError(400, "M_UNKNOWN", "Several different access tokens found: send one, in the header.");
}

// A class, so that the Request is only built for those who look at it.
class TokenUseOf implements TokenUse {
  readonly operation: OperationDescriptor;
  readonly scheme: SecurityScheme;
  readonly #incoming: IncomingRequest;

  constructor(operation: OperationDescriptor, incoming: IncomingRequest, scheme: SecurityScheme) {
    this.operation = operation;
    this.scheme = scheme;
    this.#incoming = incoming;
  }

  get request(): Request {
    return this.#incoming.request;
  }

  get remoteAddress(): string | undefined {
    return this.#incoming.remoteAddress;
  }
}
