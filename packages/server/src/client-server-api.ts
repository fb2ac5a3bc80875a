import { requestValidators } from "@matrix-openapi/definitions/client-server/request-validators";
import { commonErrors, operations } from "@matrix-openapi/definitions/client-server/operations";
import type { OperationId } from "@matrix-openapi/definitions/client-server/operations";
import type { operations as Operations } from "@matrix-openapi/definitions/client-server";
import type { MatrixApi } from "./api.ts";
import { createApi } from "./create-api.ts";
import type { ApiDescription } from "./description.ts";
import type { Context, Handler, MatrixUser } from "./handlers.ts";
import type { ClientServerApiOptions } from "./options.ts";
import type { CommonErrorResult } from "./typed-operations.ts";
import { createMemoryUiaStore } from "./uia/memory-store.ts";
import { createUserInteractiveAuth } from "./uia/user-interactive-auth.ts";

type Table = typeof operations;
type Common = CommonErrorResult<typeof commonErrors>;

/** What the handler of `Id` is called with. */
export type ClientServerContext<Id extends OperationId, User = MatrixUser, Tx = undefined> = Context<
  Operations[Id],
  Table[Id],
  User,
  Tx
>;

/** The handler of `Id`, to write one apart from the others. */
export type ClientServerHandler<Id extends OperationId, User = MatrixUser, Tx = undefined> = Handler<
  Operations[Id],
  Table[Id],
  Common,
  User,
  Tx
>;

/** All handlers of the client-server API, keyed by operationId. */
export type ClientServerHandlers<User = MatrixUser, Tx = undefined> = {
  readonly [Id in OperationId]: ClientServerHandler<Id, User, Tx>;
};

/** Generated description of the client-server API, with the codes of its specification. */
export const clientServerDescription: ApiDescription = {
  operations,
  requestValidators,
  responseValidators: async () =>
    (await import("@matrix-openapi/definitions/client-server/response-validators")).responseValidators,
  commonErrors,
  errcodes: {
    missingToken: "M_MISSING_TOKEN",
    unknownToken: "M_UNKNOWN_TOKEN",
    missingParameter: "M_MISSING_PARAM",
    invalidParameter: "M_INVALID_PARAM",
    badJson: "M_BAD_JSON",
    missingField: "M_BAD_JSON",
    invalidField: "M_BAD_JSON",
  },
};

/**
 * Serves the client-server API; an operation without a handler is answered with `M_UNRECOGNIZED`.
 * https://spec.matrix.org/v1.19/client-server-api/
 */
export function createClientServerApi<User extends MatrixUser = MatrixUser, Tx = undefined>(
  handlers: Partial<ClientServerHandlers<User, Tx>>,
  options?: ClientServerApiOptions<User, Tx>,
): MatrixApi {
  const uia = options?.uia ?? createUserInteractiveAuth({ store: createMemoryUiaStore() });
  return createApi(clientServerDescription, handlers, options ?? {}, (facts) => uia.open(facts));
}
