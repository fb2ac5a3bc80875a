import type { JsonValue, UiaSession, UiaSessionStore } from "./session.ts";
import type { UiaStages } from "./stages.ts";

/** How long sessions last, in ms. */
export interface UiaLimits {
  /** Since the last request of the session; 30 minutes. */
  readonly idle: number;
  /** Since its first challenge; 48 hours. */
  readonly lifetime: number;
  /** How long a result is repeated; 10 minutes. */
  readonly resultKept: number;
  /** How long one process may take to execute before another may take over; 30 seconds. */
  readonly lease: number;
}

/** What user-interactive auth is made of. */
export interface UserInteractiveAuthOptions<Tx> {
  readonly store: UiaSessionStore<Tx>;
  /** `m.login.dummy` and `m.login.terms` are there already. */
  readonly stages?: UiaStages;
  readonly limits?: Partial<UiaLimits>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** A new session's ID, of at least 128 random bits. */
  readonly randomId?: () => string;
}

/** User-interactive auth of one server: given to `createClientServerApi`, and used by its fallback pages. */
export interface UserInteractiveAuth<Tx = undefined> {
  readonly options: UserInteractiveAuthOptions<Tx>;
  /** A live session, for a fallback page to show what its stage needs. */
  session(id: string): Promise<UiaSession | undefined>;
  /** Marks a stage as completed outside of the API's own requests: on a fallback page, by single sign-on. */
  completeStage(
    id: string,
    stage: string,
    proof?: { readonly evidence?: JsonValue; readonly userId?: string },
  ): Promise<"completed" | "already-completed" | "unknown-session" | "wrong-user" | "not-next">;
}
