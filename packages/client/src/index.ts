export type { Behaviour, CallContext, Send } from "./behaviour.ts";
export type { BinaryBody, PlatformInit, TypedClient } from "./call.ts";
export type { Clock } from "./clock.ts";
export { isEvent, isStateEvent } from "./events.ts";
export type { MatrixEvent, TypedEvent, TypedStateEvent } from "./events.ts";
export { fallbackUrl } from "./fallback-url.ts";
export { InvalidParameter } from "./invalid-parameter.ts";
export { createMatrixClient } from "./matrix-client.ts";
export type { MatrixClient, MatrixCommonErrors } from "./matrix-client.ts";
export { NetworkError } from "./network-error.ts";
export { paginate } from "./paginate.ts";
export type { PaginatedOperation } from "./paginate.ts";
export type {
  CommonError,
  Failure,
  ParseAs,
  Redirect,
  Result,
  Unanswered,
  Unreachable,
  Unreadable,
  Unsendable,
} from "./result.ts";
export { retry } from "./retry.ts";
export type { RetryOptions } from "./retry.ts";
export { sessionFromLogin } from "./session.ts";
export type { LoginAnswer, Session, Tokens } from "./session.ts";
export { tokenRefresh } from "./token-refresh.ts";
export type { TokenRefreshOptions } from "./token-refresh.ts";
export type { ClientOptions } from "./typed-client.ts";
export { UnreadableBody } from "./unreadable-body.ts";
export { withUserInteractiveAuth } from "./user-interactive-auth.ts";
export type { AuthenticationStopped, CallOutcome, UserInteractiveAuthOptions } from "./user-interactive-auth.ts";
export { isUserInteractive } from "./user-interactive-challenge.ts";
export type { UserInteractiveAuthChallenge } from "./user-interactive-challenge.ts";
export type {
  AuthenticationData,
  CustomStageHandler,
  StageContext,
  StageFailure,
  StageHandler,
  StageHandlers,
} from "./user-interactive-stages.ts";
