import { randomUUID } from "node:crypto";
import type { Answer, Json } from "./answers.ts";

/** The stages a request can go through, and how each is judged. */
export interface Authentication {
  readonly flows: readonly (readonly string[])[];
  readonly params?: Record<string, object>;
  /** Which operation, path and user a session belongs to. */
  readonly subject: string;
  /** Null where the auth data completes the stage, else the answer to it. */
  judge(auth: Json): Refusal | null;
}

export interface Refusal {
  /** 401 may be tried again; anything else ends the attempt. */
  readonly status: number;
  readonly errcode: string;
}

interface OpenSession {
  readonly subject: string;
  readonly completed: string[];
}

/** A small, right user-interactive auth, for tests of the contract tests themselves. */
export function createAuthentication() {
  const sessions = new Map<string, OpenSession>();

  /** Null once all stages of a flow are done. */
  const require = ({ flows, params = {}, subject, judge }: Authentication, auth: Json | undefined): Answer | null => {
    const known = typeof auth?.["session"] === "string" ? sessions.get(auth["session"]) : undefined;
    const id = known === undefined ? randomUUID() : String(auth?.["session"]);
    const session = known ?? { subject, completed: [] };
    sessions.set(id, session);
    const challenge = (refusal?: Refusal): Answer => ({
      status: 401,
      body: {
        flows: flows.map((stages) => ({ stages })),
        params,
        session: id,
        ...(session.completed.length > 0 && { completed: session.completed }),
        ...(refusal && { errcode: refusal.errcode, error: "That did not work" }),
      },
    });
    const isDone = (): boolean => flows.some((flow) => flow.every((stage) => session.completed.includes(stage)));
    if (auth === undefined || Object.keys(auth).length === 0) return challenge();
    if (known === undefined) return challenge({ status: 401, errcode: "M_UNKNOWN" });
    if (session.subject !== subject)
      return { status: 403, body: { errcode: "M_FORBIDDEN", error: "Another request's session" } };
    const type = auth["type"];
    if (typeof type !== "string" || session.completed.includes(type)) return isDone() ? null : challenge();
    const isNext = flows.some(
      (flow) =>
        flow[session.completed.length] === type &&
        session.completed.every((stage, position) => flow[position] === stage),
    );
    if (!isNext) return challenge({ status: 401, errcode: "M_FORBIDDEN" });
    const refusal = judge(auth);
    if (refusal !== null)
      return refusal.status === 401
        ? challenge(refusal)
        : { status: refusal.status, body: { errcode: refusal.errcode, error: "That cannot work" } };
    session.completed.push(type);
    return isDone() ? null : challenge();
  };

  const completeOnPage = (id: string, stage: string): void => {
    const session = sessions.get(id);
    if (session !== undefined && !session.completed.includes(stage)) session.completed.push(stage);
  };

  return { require, completeOnPage };
}
