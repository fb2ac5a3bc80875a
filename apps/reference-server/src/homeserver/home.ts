import type { OperationId } from "@matrix-openapi/definitions/client-server/operations";
import type {
  ClientServerContext,
  ClientServerHandler,
  ClientServerHandlers,
  MatrixUser,
  UserInteractiveAuth,
} from "@matrix-openapi/server";
import type { Platform } from "../platform.ts";

/** What every handler of the homeserver has at hand: the platform, and user-interactive auth for its fallback pages. */
export interface Home extends Platform {
  readonly uia: UserInteractiveAuth;
}

/** The owner of an access token, or whom an application service acts as. */
export interface SessionOwner extends MatrixUser {
  /** Each of our tokens belongs to a device; empty for an application service that names none. */
  readonly deviceId: string;
  /** What the token is stored as. */
  readonly tokenHash: string;
  /** Of the provider of single sign-on that has issued the token, where it was not us. */
  readonly providerId?: string;
}

/** What the handlers of one area satisfy; that none is missing, the compiler asks where they come together. */
export type SomeHandlers = Partial<ClientServerHandlers<SessionOwner>>;

/** One handler, in a file of its own. */
export type Handler<Id extends OperationId> = ClientServerHandler<Id, SessionOwner>;

/** What the handler of `Id` is called with. */
export type HandlerContext<Id extends OperationId> = ClientServerContext<Id, SessionOwner>;
