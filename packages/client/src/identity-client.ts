import type { components, paths } from "@matrix-openapi/definitions/identity";
import type { commonErrors } from "@matrix-openapi/definitions/identity/common-errors";
import type { TypedClient } from "./call.ts";
import type { CommonErrorBodies } from "./result.ts";
import type { ClientOptions } from "./typed-client.ts";
import { createTypedClient } from "./typed-client.ts";

/** A client of an Identity Service. https://spec.matrix.org/v1.19/identity-service-api/ */
export interface IdentityClient extends TypedClient<paths, IdentityCommonErrors> {}

/** The errors that any operation of the Identity Service API may answer, by status. */
export interface IdentityCommonErrors extends CommonErrorBodies<typeof commonErrors, components["schemas"]> {}

/** How a client reaches its identity server. */
export interface IdentityClientOptions extends Omit<ClientOptions, "session"> {
  /** The token that the identity server gave for an OpenID token; never the homeserver's own. */
  readonly accessToken?: string;
}

/** Creates a client for one identity server. */
export function createIdentityClient({ accessToken, ...options }: IdentityClientOptions): IdentityClient {
  return createTypedClient<paths, IdentityCommonErrors>({
    ...options,
    session: accessToken === undefined ? undefined : { accessToken },
  });
}
