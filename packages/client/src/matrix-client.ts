import type { components, paths } from "@matrix-openapi/definitions/client-server";
import type { commonErrors } from "@matrix-openapi/definitions/client-server/common-errors";
import type { TypedClient } from "./call.ts";
import type { CommonErrorBodies } from "./result.ts";
import type { ClientOptions } from "./typed-client.ts";
import { createTypedClient } from "./typed-client.ts";

/** A client of a homeserver's Client-Server API. https://spec.matrix.org/v1.19/client-server-api/ */
export interface MatrixClient extends TypedClient<paths, MatrixCommonErrors> {}

/** The errors that any operation of the Client-Server API may answer, by status. */
export interface MatrixCommonErrors extends CommonErrorBodies<typeof commonErrors, components["schemas"]> {}

/**
 * Creates a client for one homeserver and, with a `session`, one logged-in device. It sends nothing by itself and
 * keeps no state but the session's tokens.
 */
export function createMatrixClient(options: ClientOptions): MatrixClient {
  return createTypedClient<paths, MatrixCommonErrors>(options);
}
