import type { Clock } from "./clock.ts";
import type { Tokens } from "./session.ts";

/** What a behaviour may know about the call it surrounds. */
export interface CallContext {
  readonly method: string;
  /** The path template, such as `/_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}`. */
  readonly path: string;
  readonly baseUrl: string;
  readonly session: Tokens | undefined;
  /** The client's, where it was given one; the machine's otherwise. */
  readonly clock: Clock | undefined;
  /** Sends a request past all behaviours. Rejects with a `NetworkError`, or with the signal's reason once aborted. */
  readonly send: Send;
}

/** Passes a request on. A request can be passed on once; a behaviour that repeats one passes on clones. */
export type Send = (request: Request) => Promise<Response>;

/** Something every call goes through, such as retrying. The first in the list is the outermost. */
export type Behaviour = (request: Request, next: Send, context: CallContext) => Promise<Response>;

/** Chains behaviours around the sending of one call. */
export function compose(behaviours: readonly Behaviour[], context: CallContext): Send {
  return behaviours.reduceRight<Send>(
    (next, behaviour) => (request) => behaviour(request, next, context),
    context.send,
  );
}
