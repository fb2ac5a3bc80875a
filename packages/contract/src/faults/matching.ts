// What faults ask about requests and responses.

import { isObject, member, stringMember } from "../json.ts";
import type { Change, SeenRequest, SeenResponse } from "./fault.ts";

export function isChallenge({ status, json }: SeenResponse): boolean {
  return status === 401 && Array.isArray(json["flows"]);
}

export function completedStages({ json }: SeenResponse): readonly unknown[] {
  return Array.isArray(json["completed"]) ? json["completed"] : [];
}

/** The type of the auth data sent: undefined without any, null where it is the session alone. */
export function authType({ json }: SeenRequest): string | null | undefined {
  const { auth } = json;
  if (!isObject(auth) || Object.keys(auth).length === 0) return undefined;
  return stringMember(auth, "type") ?? null;
}

export function authSession({ json }: SeenRequest): string | undefined {
  return stringMember(json["auth"], "session");
}

/** The kind and the value of the identifier in the auth data. */
export function identifier({ json }: SeenRequest): {
  readonly type: string | undefined;
  readonly user: string | undefined;
} {
  const sent = member(json["auth"], "identifier");
  return { type: stringMember(sent, "type"), user: stringMember(sent, "user") };
}

export function isRegistration({ method, path }: SeenRequest): boolean {
  return method === "POST" && path.endsWith("/v3/register");
}

export function isDeviceDeletion({ method, path }: SeenRequest): boolean {
  return method === "DELETE" && path.includes("/v3/devices/");
}

/** The answer of a right server to a failed attempt, where a stage was completed. */
export function refused({ json }: SeenResponse): Change {
  const { completed: _completed, ...rest } = json;
  return {
    status: 401,
    body: { flows: [{ stages: ["m.login.dummy"] }], ...rest, errcode: "M_FORBIDDEN", error: "No" },
  };
}

/** The answer of a right server to a completed stage, where the attempt failed. */
export function accepted(response: SeenResponse, stage: string): Change {
  const { errcode: _errcode, error: _error, ...rest } = response.json;
  return { status: 401, body: { ...rest, completed: [...completedStages(response), stage] } };
}
