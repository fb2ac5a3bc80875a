export type { IncomingRequest, MatrixApi, OutgoingResponse, RequestContext } from "./api.ts";
export { changedRequest } from "./changed-request.ts";
export { clientServerDescription, createClientServerApi } from "./client-server-api.ts";
export type { ClientServerContext, ClientServerHandler, ClientServerHandlers } from "./client-server-api.ts";
export { createApi } from "./create-api.ts";
export type { ApiDescription, ErrcodeChoice, RequestValidators, ResponseValidators } from "./description.ts";
export type { AuthenticatedUser, Context, MatrixUser, RequestFacts } from "./handlers.ts";
export { createIdentityApi, identityDescription } from "./identity-api.ts";
export type { IdentityContext, IdentityHandler, IdentityHandlers } from "./identity-api.ts";
export { MatrixError } from "./matrix-error.ts";
export { operationFinder } from "./operation-finder.ts";
export type { ApiOptions, Authenticate, ClientServerApiOptions, ErrorPlace, TokenUse } from "./options.ts";
export { toOutgoing } from "./outgoing.ts";
export { splitTarget } from "./request-target.ts";
export { binary, error, html, ok, redirect, respond } from "./results.ts";
export type {
  BinaryResult,
  ErrorBody,
  FileContent,
  HtmlResult,
  JsonResult,
  RedirectResult,
  Result,
  ResultHeaders,
} from "./results.ts";
export type { UiaGate, UiaGrant, UiaRequirement, UiaWork } from "./uia/gate.ts";
export { createMemoryUiaStore } from "./uia/memory-store.ts";
export type {
  JsonValue,
  UiaCompletion,
  UiaFlow,
  UiaPruneLimits,
  UiaSession,
  UiaSessionStore,
  UiaStoredResult,
} from "./uia/session.ts";
export type { UiaAttempt, UiaAttemptOutcome, UiaStage, UiaStages } from "./uia/stages.ts";
export { refusedAttempt } from "./uia/stages.ts";
export { createUserInteractiveAuth } from "./uia/user-interactive-auth.ts";
export type { UiaLimits, UserInteractiveAuth, UserInteractiveAuthOptions } from "./uia/user-interactive-auth.ts";
export { toMatrixApi } from "./web-request.ts";
