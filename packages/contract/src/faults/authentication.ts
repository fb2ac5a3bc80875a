import type { Fault } from "./fault.ts";
import { rewriteResponse } from "./fault.ts";
import {
  accepted,
  authSession,
  authType,
  completedStages,
  isChallenge,
  isDeviceDeletion,
  isRegistration,
  refused,
} from "./matching.ts";

/** Faults in how a server asks, keeps sessions, and goes from stage to stage. */
export const authenticationFaults: readonly Fault[] = [
  {
    rule: "uia-1",
    name: "stages are objects instead of strings",
    wrap: rewriteResponse((request, response) =>
      isDeviceDeletion(request) && isChallenge(response)
        ? { body: { ...response.json, flows: [{ stages: [{ type: "m.login.password" }] }] } }
        : null,
    ),
  },
  {
    rule: "uia-2",
    name: "a device is deleted without auth data",
    wrap: rewriteResponse((request, response) =>
      isDeviceDeletion(request) && isChallenge(response) && authType(request) === undefined
        ? { status: 200, body: {} }
        : null,
    ),
  },
  {
    rule: "uia-4",
    name: "there are params for a stage that is not offered",
    wrap: rewriteResponse((request, response) =>
      isDeviceDeletion(request) && isChallenge(response)
        ? { body: { ...response.json, params: { "m.login.nothing": {} } } }
        : null,
    ),
  },
  {
    rule: "uia-5",
    name: "a failed attempt gets a new session",
    wrap: rewriteResponse((_request, response) =>
      isChallenge(response) && response.json["errcode"] !== undefined
        ? { body: { ...response.json, session: "another" } }
        : null,
    ),
  },
  {
    rule: "uia-5x",
    name: "all deletions of devices share a session",
    wrap: rewriteResponse((request, response) =>
      isDeviceDeletion(request) && isChallenge(response) ? { body: { ...response.json, session: "shared" } } : null,
    ),
  },
  {
    rule: "uia-8",
    name: "completed stages are not listed",
    wrap: rewriteResponse((_request, response) => {
      const { completed, ...rest } = response.json;
      return isChallenge(response) && completed !== undefined ? { body: rest } : null;
    }),
  },
  {
    rule: "uia-8",
    name: "a completed stage is answered without the flows",
    wrap: rewriteResponse((_request, response) => {
      const { flows: _flows, ...rest } = response.json;
      return isChallenge(response) && completedStages(response).length > 0 ? { body: rest } : null;
    }),
  },
  {
    rule: "uia-9",
    name: "flows that were not begun are left out later",
    wrap: rewriteResponse((_request, response) =>
      isChallenge(response) && completedStages(response).length > 0
        ? { body: { ...response.json, flows: [{ stages: completedStages(response) }] } }
        : null,
    ),
  },
  {
    rule: "uia-9",
    name: "params are given once only",
    wrap: rewriteResponse((request, response) => {
      const { params: _params, ...rest } = response.json;
      return isChallenge(response) && authType(request) !== undefined ? { body: rest } : null;
    }),
  },
  {
    rule: "uia-10",
    name: "stages are taken in any order",
    wrap: rewriteResponse((request, response) => {
      const type = authType(request);
      const isLate = typeof type === "string" && completedStages(response).length === 0;
      return isRegistration(request) && isChallenge(response) && isLate ? accepted(response, type) : null;
    }),
  },
  {
    rule: "uia-13",
    name: "a failed attempt is answered without an errcode",
    wrap: rewriteResponse((request, response) => {
      const { errcode, error: _error, ...rest } = response.json;
      return isDeviceDeletion(request) && isChallenge(response) && errcode !== undefined ? { body: rest } : null;
    }),
  },
  {
    rule: "uia-13",
    name: "a wrong password ends the attempt",
    wrap: rewriteResponse((request, response) =>
      authType(request) === "m.login.password" && isChallenge(response)
        ? { status: 403, body: { errcode: "M_FORBIDDEN", error: "No" } }
        : null,
    ),
  },
  {
    rule: "uia-14",
    name: "a session is useless after a failed attempt",
    wrap: (next) => {
      const failed = new Set<string>();
      return rewriteResponse((request, response) => {
        const session = authSession(request);
        if (session === undefined || !isDeviceDeletion(request)) return null;
        if (failed.has(session)) return refused(response);
        if (response.json["errcode"] !== undefined) failed.add(session);
        return null;
      })(next);
    },
  },
  {
    rule: "uia-15",
    name: "a wrong password deletes the device all the same",
    wrap: (next) => {
      const gone = new Set<string>();
      return rewriteResponse((request, response) => {
        if (isDeviceDeletion(request) && response.json["errcode"] !== undefined) gone.add(request.path);
        return request.method === "GET" && gone.has(request.path)
          ? { status: 404, body: { errcode: "M_NOT_FOUND", error: "No such device" } }
          : null;
      })(next);
    },
  },
  {
    rule: "uia-16",
    name: "an unknown validation session asks for authentication again",
    wrap: rewriteResponse((request, response) =>
      request.path.endsWith("/3pid/add") && response.status >= 400 && response.status !== 401
        ? { status: 401, body: { ...response.json, flows: [{ stages: ["m.login.password"] }] } }
        : null,
    ),
  },
  {
    rule: "uia-18",
    name: "a device that was deleted is still there",
    wrap: (next) => {
      const deleted = new Set<string>();
      return rewriteResponse((request, response) => {
        if (isDeviceDeletion(request) && response.status === 200) deleted.add(request.path);
        return request.method === "GET" && deleted.has(request.path)
          ? { status: 200, body: { device_id: "GHOST" } }
          : null;
      })(next);
    },
  },
  {
    rule: "uia-19",
    name: "sending a completed stage again loses what was completed",
    wrap: (next) => {
      const done = new Set<string>();
      return rewriteResponse((request, response) => {
        const type = authType(request);
        if (typeof type !== "string" || !completedStages(response).includes(type)) return null;
        const key = `${authSession(request)} ${type}`;
        if (done.has(key)) return refused(response);
        done.add(key);
        return null;
      })(next);
    },
  },
  {
    rule: "uia-20",
    name: "auth data without a type is malformed",
    wrap: rewriteResponse((request) =>
      isDeviceDeletion(request) && authType(request) === null
        ? { status: 400, body: { errcode: "M_MISSING_PARAM", error: "type is missing" } }
        : null,
    ),
  },
  {
    rule: "uia-21",
    name: "a session is good for any request",
    wrap: (next) => {
      const openedFor = new Map<unknown, string>();
      return rewriteResponse((request, response) => {
        const { session } = response.json;
        if (isChallenge(response) && !openedFor.has(session)) openedFor.set(session, request.path);
        const owner = openedFor.get(authSession(request));
        return owner !== undefined && owner !== request.path ? { status: 200, body: {} } : null;
      })(next);
    },
  },
  {
    rule: "uia-21",
    name: "a session is good for any user",
    wrap: (next) => {
      const openedBy = new Map<unknown, string | null>();
      return rewriteResponse((request, response) => {
        const caller = request.headers.get("authorization");
        const { session } = response.json;
        if (isChallenge(response) && !openedBy.has(session)) openedBy.set(session, caller);
        const owner = openedBy.get(authSession(request));
        return owner !== undefined && owner !== caller ? { status: 200, body: {} } : null;
      })(next);
    },
  },
  {
    rule: "uia-22",
    name: "the session is not looked at",
    wrap: rewriteResponse((request) =>
      isDeviceDeletion(request) && authSession(request)?.startsWith("no-") === true ? { status: 200, body: {} } : null,
    ),
  },
  {
    rule: "uia-23",
    name: "auth data without the session is a crash",
    wrap: rewriteResponse((request) =>
      typeof authType(request) === "string" && authSession(request) === undefined
        ? { status: 500, body: { errcode: "M_UNKNOWN", error: "Internal server error" } }
        : null,
    ),
  },
  {
    rule: "uia-34",
    name: "a flow is the beginning of another",
    wrap: rewriteResponse((_request, response) => {
      const flows = isChallenge(response) && Array.isArray(response.json["flows"]) ? response.json["flows"] : [];
      const stages: unknown = flows[0]?.stages;
      return Array.isArray(stages)
        ? { body: { ...response.json, flows: [...flows, { stages: [...stages, "m.login.dummy"] }] } }
        : null;
    }),
  },
];
