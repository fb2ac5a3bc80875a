import type { IncomingRequest } from "./api.ts";
import type { AuthenticatedUser, RequestFacts } from "./handlers.ts";
import type { RequestParameters } from "./request-input.ts";
import type { UiaRequestGate } from "./uia/request-gate.ts";

/** What handlers are called with. A class, so that a `Request` and a signal are only made for those who look at them. */
export class HandlerContext implements RequestFacts {
  readonly params: RequestParameters;
  readonly body: unknown;
  readonly user: AuthenticatedUser | undefined;
  readonly uia: UiaRequestGate | undefined;
  readonly #incoming: IncomingRequest;

  constructor(
    incoming: IncomingRequest,
    params: RequestParameters,
    body: unknown,
    user: AuthenticatedUser | undefined,
    uia: UiaRequestGate | undefined,
  ) {
    this.#incoming = incoming;
    this.params = params;
    this.body = body;
    this.user = user;
    this.uia = uia;
  }

  get request(): Request {
    return this.#incoming.request;
  }

  get signal(): AbortSignal {
    return this.#incoming.signal;
  }

  get remoteAddress(): string | undefined {
    return this.#incoming.remoteAddress;
  }
}
