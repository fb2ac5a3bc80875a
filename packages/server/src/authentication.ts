import type { OperationDescriptor, SecurityScheme } from "@matrix-openapi/definitions";
import type { IncomingRequest } from "./api.ts";
import type { ErrcodeChoice } from "./description.ts";
import type { AuthenticatedUser } from "./handlers.ts";
import { MatrixError } from "./matrix-error.ts";
import type { Authenticate, TokenUse } from "./options.ts";
import { queryValues } from "./request-target.ts";

/**
 * Finds whoever makes a request, by the access token in its header or, deprecated, in its query.
 * https://spec.matrix.org/v1.19/client-server-api/#using-access-tokens
 */
export async function findCaller<User extends AuthenticatedUser>(
  operation: OperationDescriptor,
  incoming: IncomingRequest,
  query: string,
  authenticate: Authenticate<User>,
  errcodes: ErrcodeChoice,
): Promise<User | undefined> {
  const found = findToken(operation, incoming, query);
  if (found === null) {
    if (operation.auth.mode === "optional") return undefined;
    throw new MatrixError(401, errcodes.missingToken, 'No access token found: send "Authorization: Bearer <token>".');
  }
  const owner = await authenticate(found.token, new TokenUseOf(operation, incoming, found.scheme));
  if (owner === undefined) {
    throw new MatrixError(401, errcodes.unknownToken, "The access token is not known here: log in again.");
  }
  if ("error" in owner) throw owner.error;
  if ("guest" in owner && owner.guest === true && !operation.guest) {
    throw new MatrixError(403, "M_GUEST_ACCESS_FORBIDDEN", "Guests may not do this: register an account.");
  }
  return owner;
}

interface FoundToken {
  readonly token: string;
  readonly scheme: SecurityScheme;
}

function findToken(operation: OperationDescriptor, incoming: IncomingRequest, query: string): FoundToken | null {
  const { schemes } = operation.auth;
  const inHeader = schemes.find((scheme) => scheme.endsWith("Bearer"));
  const inQuery = schemes.find((scheme) => scheme.endsWith("Query"));
  const header = inHeader === undefined ? null : bearerToken(incoming.header("authorization"));
  const parameters = inQuery === undefined || query === "" ? [] : (queryValues(query, "access_token") ?? []);
  const distinct = new Set(header === null ? parameters : [header, ...parameters]);
  if (distinct.size > 1) {
    throw new MatrixError(400, "M_UNKNOWN", "Several different access tokens found: send one, in the header.");
  }
  if (inHeader !== undefined && header !== null) return { token: header, scheme: inHeader };
  const [parameter] = parameters;
  return inQuery === undefined || !parameter ? null : { token: parameter, scheme: inQuery };
}

function bearerToken(header: string | null): string | null {
  return header === null ? null : (/^bearer +(\S+) *$/i.exec(header)?.[1] ?? null);
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
