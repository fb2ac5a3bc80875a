import type { OperationId } from "@matrix-openapi/definitions/identity/operations";
import type { AuthenticatedUser, IdentityContext, IdentityHandler, IdentityHandlers } from "@matrix-openapi/server";
import type { Platform } from "../platform.ts";
import type { ValidationSessions } from "../validation-sessions/validation-sessions.ts";
import type { InviteDelivery } from "./invitations/invite-delivery.ts";

/** What every handler of the identity server has at hand. */
export interface Identity extends Platform {
  /** Under which we sign: the host and port that clients know us by. */
  readonly serverName: string;
  readonly sessions: ValidationSessions;
  readonly delivery: InviteDelivery;
}

/** The owner of one of our tokens. */
export interface IdentityUser extends AuthenticatedUser {
  /** What the token is stored as. */
  readonly tokenHash: string;
}

/** What the handlers of one area satisfy; that none is missing, the compiler asks where they come together. */
export type SomeHandlers = Partial<IdentityHandlers<IdentityUser>>;

/** One handler, in a file of its own. */
export type Handler<Id extends OperationId> = IdentityHandler<Id, IdentityUser>;

/** What the handler of `Id` is called with. */
export type HandlerContext<Id extends OperationId> = IdentityContext<Id, IdentityUser>;
