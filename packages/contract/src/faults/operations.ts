import type { Fault, SeenRequest } from "./fault.ts";
import { answerInstead, rewriteRequest, rewriteResponse } from "./fault.ts";
import { authType, completedStages, isChallenge, isDeviceDeletion, isRegistration } from "./matching.ts";

const passwordChallenge = {
  status: 401,
  body: { flows: [{ stages: ["m.login.password"] }], session: "xyz", params: {} },
};

/** Faults of single operations and of the pages, and of every answer. */
export const operationFaults: readonly Fault[] = [
  {
    rule: "uia-3a",
    name: "guests are asked for authentication",
    wrap: answerInstead((request) => (isGuest(request) ? passwordChallenge : null)),
  },
  {
    rule: "uia-3b",
    name: "the first cross-signing keys need authentication",
    wrap: rewriteResponse((request, response) =>
      isKeyUpload(request) && response.status === 200 ? passwordChallenge : null,
    ),
  },
  {
    rule: "uia-3b",
    name: "cross-signing keys are replaced without authentication",
    wrap: rewriteResponse((request, response) =>
      isKeyUpload(request) && isChallenge(response) ? { status: 200, body: {} } : null,
    ),
  },
  {
    rule: "uia-3c",
    name: "application services are asked for authentication, too",
    wrap: rewriteResponse((request, { status }) =>
      isDeviceDeletion(request) && status === 200 ? passwordChallenge : null,
    ),
  },
  {
    rule: "uia-6a",
    name: "a missing token asks for authentication",
    wrap: rewriteResponse((_request, response) =>
      response.json["errcode"] === "M_MISSING_TOKEN" ? passwordChallenge : null,
    ),
  },
  {
    rule: "uia-6a",
    name: "an unknown token is a missing one",
    wrap: rewriteResponse((_request, response) =>
      response.json["errcode"] === "M_UNKNOWN_TOKEN"
        ? { body: { ...response.json, errcode: "M_MISSING_TOKEN" } }
        : null,
    ),
  },
  {
    rule: "uia-6b",
    name: "the password can be changed with a token only",
    wrap: answerInstead(({ path, headers }) =>
      path.endsWith("/account/password") && !headers.has("authorization")
        ? { status: 401, body: { errcode: "M_MISSING_TOKEN", error: "Missing access token" } }
        : null,
    ),
  },
  {
    rule: "uia-7",
    name: "logging in asks for user-interactive auth",
    wrap: rewriteResponse((request, response) =>
      request.path.endsWith("/login") && response.status === 403 ? passwordChallenge : null,
    ),
  },
  {
    rule: "uia-7",
    name: "logging out of all devices asks for user-interactive auth",
    wrap: answerInstead(({ path }) => (path.endsWith("/logout/all") ? passwordChallenge : null)),
  },
  {
    rule: "uia-11",
    name: "the end of a flow is an error",
    wrap: rewriteResponse((request, response) =>
      isRegistration(request) && response.status === 200
        ? { status: 500, body: { errcode: "M_UNKNOWN", error: "Internal server error" } }
        : null,
    ),
  },
  {
    rule: "uia-17a",
    name: "names are looked at in the end only",
    wrap: rewriteResponse((request, response) =>
      response.json["errcode"] === "M_USER_IN_USE" && authType(request) === undefined ? passwordChallenge : null,
    ),
  },
  {
    rule: "uia-17b",
    name: "a name can be taken twice",
    wrap: rewriteResponse((request, response) =>
      response.json["errcode"] === "M_USER_IN_USE" && authType(request) !== undefined
        ? { status: 200, body: { user_id: "@twice:localhost" } }
        : null,
    ),
  },
  {
    rule: "uia-38",
    name: "there are no fallback pages",
    wrap: answerInstead(({ path }) =>
      isFallback(path) ? { status: 404, body: { errcode: "M_UNRECOGNIZED", error: "No" } } : null,
    ),
  },
  {
    rule: "uia-39",
    name: "the completion page is silent",
    wrap: rewriteResponse((_request, { text }) =>
      text.includes("onAuthDone") ? { body: text.replaceAll("onAuthDone", "done") } : null,
    ),
  },
  {
    rule: "uia-40",
    name: "what was done on the page is not in the session",
    wrap: rewriteResponse((request, response) => {
      const { completed: _completed, ...rest } = response.json;
      return authType(request) === null && completedStages(response).length > 0 ? { body: rest } : null;
    }),
  },
  {
    rule: "uia-41",
    name: "there is no page to log in on",
    wrap: answerInstead(({ path }) => (path.includes("/static/client/login") ? { status: 404 } : null)),
  },
  {
    rule: "uia-42a",
    name: "a recent authentication gives more login tokens",
    wrap: (next) => {
      let recent: unknown;
      return rewriteResponse((request, response) => {
        if (!request.path.endsWith("/login/get_token")) return null;
        if (isChallenge(response) && recent !== undefined) return { status: 200, body: recent };
        if (response.status === 200) recent = response.json;
        return null;
      })(next);
    },
  },
  {
    rule: "uia-42b",
    name: "login tokens can be used again",
    wrap: rewriteResponse(({ json }, response) =>
      json["type"] === "m.login.token" && response.status >= 400
        ? { status: 200, body: { user_id: "@again:localhost" } }
        : null,
    ),
  },
  {
    rule: "uia-43",
    name: "all devices stay logged in after the password was changed",
    wrap: rewriteRequest(({ path, json }) =>
      path.endsWith("/account/password") ? { json: { ...json, logout_devices: false } } : null,
    ),
  },
  {
    rule: "uia-43",
    name: "changing the password logs its own device out",
    wrap: (next) => {
      const out = new Set<string>();
      return rewriteResponse(({ path, headers }, response) => {
        const token = headers.get("authorization") ?? "";
        if (path.endsWith("/account/password") && response.status === 200) out.add(token);
        return path.endsWith("/whoami") && out.has(token)
          ? { status: 401, body: { errcode: "M_UNKNOWN_TOKEN", error: "No" } }
          : null;
      })(next);
    },
  },
  {
    rule: "uia-44",
    name: "a device that is gone cannot be deleted",
    wrap: (next) => {
      const gone = new Set<string>();
      return rewriteResponse((request, response) => {
        if (!isDeviceDeletion(request)) return null;
        if (gone.has(request.path)) return { status: 404, body: { errcode: "M_NOT_FOUND", error: "No such device" } };
        if (response.status === 200) gone.add(request.path);
        return null;
      })(next);
    },
  },
  {
    rule: "uia-45",
    name: "guests choose their device ID",
    wrap: rewriteResponse((request, response) =>
      isGuest(request) && response.status === 200
        ? { body: { ...response.json, device_id: request.json["device_id"] } }
        : null,
    ),
  },
  {
    rule: "uia-46",
    name: "inhibit_login is ignored",
    wrap: rewriteRequest(({ json }) =>
      json["inhibit_login"] === true ? { json: { ...json, inhibit_login: false } } : null,
    ),
  },
  {
    rule: "uia-46",
    name: "registering gives no device ID",
    wrap: rewriteResponse((request, response) => {
      const { device_id: _device, ...rest } = response.json;
      return isRegistration(request) && response.status === 200 ? { body: rest } : null;
    }),
  },
  {
    rule: "uia-48a",
    name: "a missing token is told in plain text",
    wrap: rewriteResponse((_request, { status }) =>
      status === 401 ? { body: "Unauthorized", headers: { "content-type": "text/plain" } } : null,
    ),
  },
  {
    rule: "uia-48b",
    name: "errors have no CORS headers",
    wrap: rewriteResponse((_request, { status }) =>
      status >= 400 ? { headers: { "access-control-allow-origin": null } } : null,
    ),
  },
  {
    rule: "uia-48c",
    name: "a rate limit is a general error",
    wrap: rewriteResponse((_request, { status, json }) =>
      status === 429 ? { body: { ...json, errcode: "M_UNKNOWN" } } : null,
    ),
  },
  {
    rule: "uia-48d",
    name: "a rate limit does not say how long it lasts",
    wrap: rewriteResponse((_request, { status }) => (status === 429 ? { headers: { "retry-after": null } } : null)),
  },
];

function isGuest(request: SeenRequest): boolean {
  return isRegistration(request) && request.url.searchParams.get("kind") === "guest";
}

function isKeyUpload({ path }: SeenRequest): boolean {
  return path.endsWith("/keys/device_signing/upload");
}

function isFallback(path: string): boolean {
  return path.endsWith("/fallback/web");
}
