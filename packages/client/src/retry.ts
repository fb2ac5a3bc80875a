import type { Behaviour, CallContext } from "./behaviour.ts";
import { systemClock } from "./clock.ts";
import { NetworkError } from "./network-error.ts";
import { copyOf } from "./request-copy.ts";

/** How patient to be. */
export interface RetryOptions {
  /** How often a request is sent at most, the first time included; 4 unless given. */
  readonly attempts?: number;
  /** The longest wait in milliseconds; a server that asks for more is not asked again. 30 seconds unless given. */
  readonly longestWait?: number;
  /** A number from 0 to below 1 that spreads the waits of many clients; `Math.random` unless given. */
  readonly random?: () => number;
}

/**
 * Repeats what the server refused for its rate limit, after the time it asked for, and what got no answer if repeating
 * it cannot do it twice: GET, and PUT with a transaction ID. Leave it out to see every refusal at once.
 * https://spec.matrix.org/v1.19/client-server-api/#rate-limiting
 */
export function retry({ attempts = 4, longestWait = 30_000, random = Math.random }: RetryOptions = {}): Behaviour {
  return async (request, next, context) => {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= attempts;
      const outcome = await next(isLast ? request : copyOf(request)).catch((error: unknown) => noAnswer(error));
      const wait = isLast ? undefined : await waitBefore(attempt, outcome, context);
      if (wait === undefined || wait > longestWait) {
        if (outcome instanceof NetworkError) throw outcome;
        return outcome;
      }
      if (outcome instanceof Response) await outcome.body?.cancel();
      // Up to a tenth longer, so that clients refused together do not come back together; never shorter.
      await (context.clock ?? systemClock).sleep(wait * (1 + random() / 10), request.signal);
    }
  };
}

function noAnswer(error: unknown): NetworkError {
  if (error instanceof NetworkError) return error;
  throw error;
}

async function waitBefore(
  attempt: number,
  outcome: Response | NetworkError,
  { method, path, clock = systemClock }: CallContext,
): Promise<number | undefined> {
  const backOff = 500 * 2 ** (attempt - 1);
  if (outcome instanceof NetworkError) {
    const isRepeatable = method === "GET" || (method === "PUT" && path.includes("{txnId}"));
    return isRepeatable ? backOff : undefined;
  }
  return outcome.status === 429 ? ((await requestedWait(outcome, clock.now())) ?? backOff) : undefined;
}

// The header counts before the field, which it has superseded.
async function requestedWait(response: Response, now: number): Promise<number | undefined> {
  const header = response.headers.get("retry-after");
  const wait = header === null ? Number.NaN : /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  if (!Number.isNaN(wait)) return Math.max(0, wait);
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const field = typeof body === "object" && body !== null && "retry_after_ms" in body ? body.retry_after_ms : undefined;
  return typeof field === "number" && field >= 0 ? field : undefined;
}
