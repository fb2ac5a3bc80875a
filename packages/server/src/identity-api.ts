import { requestValidators } from "@matrix-openapi/definitions/identity/request-validators";
import { commonErrors, operations } from "@matrix-openapi/definitions/identity/operations";
import type { OperationId } from "@matrix-openapi/definitions/identity/operations";
import type { operations as Operations } from "@matrix-openapi/definitions/identity";
import type { MatrixApi } from "./api.ts";
import { createApi } from "./create-api.ts";
import type { ApiDescription } from "./description.ts";
import type { AuthenticatedUser, Context, Handler } from "./handlers.ts";
import type { ApiOptions } from "./options.ts";
import type { CommonErrorResult } from "./typed-operations.ts";

type Table = typeof operations;
type Common = CommonErrorResult<typeof commonErrors>;

/** What the handler of `Id` is called with. */
export type IdentityContext<Id extends OperationId, User = AuthenticatedUser> = Context<
  Operations[Id],
  Table[Id],
  User,
  undefined
>;

/** The handler of `Id`, to write one apart from the others. */
export type IdentityHandler<Id extends OperationId, User = AuthenticatedUser> = Handler<
  Operations[Id],
  Table[Id],
  Common,
  User,
  undefined
>;

/** All handlers of the identity service, keyed by operationId. */
export type IdentityHandlers<User = AuthenticatedUser> = {
  readonly [Id in OperationId]: IdentityHandler<Id, User>;
};

/** Generated description of the identity service, with the codes of its specification. */
export const identityDescription: ApiDescription = {
  operations,
  requestValidators,
  responseValidators: async () =>
    (await import("@matrix-openapi/definitions/identity/response-validators")).responseValidators,
  commonErrors,
  errcodes: {
    missingToken: "M_UNAUTHORIZED",
    unknownToken: "M_UNAUTHORIZED",
    missingParameter: "M_MISSING_PARAMS",
    invalidParameter: "M_INVALID_PARAM",
    badJson: "M_INVALID_PARAM",
    missingField: "M_MISSING_PARAMS",
    invalidField: "M_INVALID_PARAM",
  },
};

/**
 * Serves the identity service API; an operation without a handler is answered with `M_UNRECOGNIZED`.
 * https://spec.matrix.org/v1.19/identity-service-api/
 */
export function createIdentityApi<User extends AuthenticatedUser = AuthenticatedUser>(
  handlers: Partial<IdentityHandlers<User>>,
  options: ApiOptions<User> = {},
): MatrixApi {
  return createApi(identityDescription, handlers, options);
}
