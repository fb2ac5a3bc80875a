import type { Behaviour, CallContext } from "./behaviour.ts";
import { systemClock } from "./clock.ts";
import { NetworkError } from "./network-error.ts";
import { copyOf } from "./request-copy.ts";
import type { LoginAnswer, Tokens } from "./session.ts";
import { tokensFrom } from "./session.ts";

/** What to do with new tokens, and with a session that has ended. */
export interface TokenRefreshOptions {
  /**
   * Stores new tokens. It is awaited before they are used, because using them ends the old ones. When it throws, the
   * old tokens stay in use and the calls that wanted new ones reject with its error.
   */
  readonly save?: (tokens: Readonly<Tokens>) => void | Promise<void>;
  /** Called once when the session has ended and its device is gone: what was stored for it is of no more use. */
  readonly onLogout?: () => void;
  /** Called once when the session has ended but the user may log in again to the same device: keep what is stored. */
  readonly onSoftLogout?: () => void;
  /** How long before its expiry a token is renewed, in milliseconds; 10 seconds unless given. */
  readonly margin?: number;
}

/**
 * Renews the access token when it is about to expire or the server no longer knows it, once for any number of calls,
 * and repeats the calls that were refused. Where the server gives no new one, its refusal stands.
 * https://spec.matrix.org/v1.19/client-server-api/#refreshing-access-tokens
 */
export function tokenRefresh(options: TokenRefreshOptions = {}): Behaviour {
  const { margin = 10_000 } = options;

  return async (request, next, context) => {
    const { session, clock = systemClock } = context;
    if (session === undefined || request.headers.has("authorization")) return next(request);
    const renewed = () => untilAborted(renewOnce(session, context, options), request.signal);

    if (session.expiresAt !== undefined && session.expiresAt - margin <= clock.now()) {
      await renewed().catch(ignoreNetworkError); // the old token may still do
    }
    const sent = session.accessToken;
    const again = copyOf(request);
    const response = await next(request);
    const refusal = await refusalOf(response);
    if (refusal === undefined) return response;

    // Another call may have renewed the token while this one was under way.
    const final = session.accessToken === sent ? await renewed() : undefined;
    if (session.accessToken !== sent) {
      await response.body?.cancel();
      return next(again);
    }
    if (session.refreshToken === undefined) endOnce(session, refusal, options);
    else if (final !== undefined) endOnce(session, final, options);
    return response;
  };
}

/** The server's word that it does not know a token. */
interface Refusal {
  readonly isSoft: boolean;
}

interface SessionState {
  renewing?: Promise<Refusal | undefined> | undefined;
  refused?: { readonly refreshToken: string; readonly refusal: Refusal };
  endedWith?: string;
}

// By session and not by client, since several clients may share one session and its tokens are good for one renewal.
const states = new WeakMap<Tokens, SessionState>();

function stateOf(session: Tokens): SessionState {
  const state = states.get(session) ?? {};
  states.set(session, state);
  return state;
}

/** Resolves with the refusal when the refresh token is dead, and with nothing otherwise, renewed or not. */
function renewOnce(session: Tokens, context: CallContext, options: TokenRefreshOptions): Promise<Refusal | undefined> {
  const state = stateOf(session);
  state.renewing ??= renew(session, state, context, options).finally(() => {
    state.renewing = undefined;
  });
  return state.renewing;
}

async function renew(
  session: Tokens,
  state: SessionState,
  { baseUrl, clock = systemClock, send }: CallContext,
  { save }: TokenRefreshOptions,
): Promise<Refusal | undefined> {
  const { refreshToken } = session;
  if (refreshToken === undefined) return undefined;
  if (state.refused?.refreshToken === refreshToken) return state.refused.refusal;

  const now = clock.now();
  const response = await send(refreshRequest(baseUrl, refreshToken));
  const refusal = await refusalOf(response);
  if (refusal !== undefined) state.refused = { refreshToken, refusal };
  const answer = response.ok ? ((await response.json().catch(() => undefined)) as Partial<LoginAnswer> | null) : null; // checked below, as far as needed
  if (typeof answer?.access_token !== "string") return refusal;

  const tokens = { refreshToken, ...tokensFrom({ ...answer, access_token: answer.access_token }, now) };
  await save?.(tokens);
  delete session.expiresAt; // the new token may have none
  Object.assign(session, tokens);
  return undefined;
}

function refreshRequest(baseUrl: string, refreshToken: string): Request {
  return new Request(`${baseUrl}/_matrix/client/v3/refresh`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ refresh_token: refreshToken }),
  });
}

// A challenge of user-interactive authentication is none, whatever its errcode.
async function refusalOf(response: Response): Promise<Refusal | undefined> {
  if (response.status !== 401) return undefined;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const isRefusal =
    typeof body === "object" &&
    body !== null &&
    "errcode" in body &&
    body.errcode === "M_UNKNOWN_TOKEN" &&
    !("flows" in body);
  return isRefusal ? { isSoft: "soft_logout" in body && body.soft_logout === true } : undefined;
}

function endOnce(session: Tokens, { isSoft }: Refusal, { onLogout, onSoftLogout }: TokenRefreshOptions): void {
  const state = stateOf(session);
  if (state.endedWith === session.accessToken) return;
  state.endedWith = session.accessToken;
  (isSoft ? onSoftLogout : onLogout)?.();
}

// The renewal is everyone's and goes on; only this caller stops waiting for it.
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

function ignoreNetworkError(error: unknown): undefined {
  if (!(error instanceof NetworkError)) throw error;
}
