import { randomUUID } from "node:crypto";
import type { Fetch } from "../src/http.ts";
import type { Mailbox } from "../src/mail/mailbox.ts";
import type { Answer, Authentication, Json, Refusal } from "./authentication.ts";
import { createAuthentication } from "./authentication.ts";
import { createValidations } from "./validations.ts";

interface User {
  readonly id: string;
  password: string;
  readonly threepids: { readonly medium: string; readonly address: string }[];
  readonly devices: Map<string, string>;
  masterKey: unknown;
}

interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly bearer: string | undefined;
}

const passwordFlows = [["m.login.password"], ["m.login.sso"]];
const doneScript = `<script>window.onAuthDone?.(); window.opener?.postMessage("authDone", "*");</script>`;
const registrationFlows = [
  ["m.login.registration_token", "m.login.terms", "m.login.dummy"],
  ["m.login.email.identity", "m.login.terms", "m.login.dummy"],
  ["m.login.recaptcha", "m.login.dummy"],
  ["m.login.msisdn", "m.login.dummy"],
];
export const registrationToken = "open-sesame";
export const recaptchaResponse = "not-a-robot";

/**
 * A small homeserver in memory that obeys every rule of user-interactive auth, parts that the reference server does not
 * have included (single sign-on, cross-signing keys): what the checks are shown to pass on and, with faults, to fail on.
 */
export function createHomeserver(): { readonly fetch: Fetch; readonly inbox: Mailbox } {
  const users = new Map<string, User>();
  const tokens = new Map<string, { readonly user: User; readonly device: string }>();
  const loginTokens = new Map<string, User>();
  const validations = createValidations("http://homeserver.test/_matrix/client/unstable/submit");
  const authentication = createAuthentication();
  let count = 0;

  const logIn = (user: User) => {
    const [device_id, access_token] = [`DEVICE${++count}`, randomUUID()];
    user.devices.set(device_id, access_token);
    tokens.set(access_token, { user, device: device_id });
    return { user_id: user.id, access_token, device_id };
  };
  const logOut = (user: User, device: string): void => {
    tokens.delete(user.devices.get(device) ?? "");
    user.devices.delete(device);
  };
  const identified = (identifier: unknown): User | undefined => {
    const { type, user, medium, address, phone } = (identifier ?? {}) as Json; // missing members read as undefined
    const bound = (wanted: string): User | undefined =>
      [...users.values()].find(({ threepids }) =>
        threepids.some((threepid) => threepid.address === wanted && threepid.medium === (medium ?? "msisdn")),
      );
    if (type === "m.id.thirdparty") return bound(String(address));
    if (type === "m.id.phone") return bound(`44${String(phone).slice(1)}`);
    return users.get(String(user).replace(/^@/, "").replace(/:.*$/, ""));
  };
  const wrongPassword = (auth: Json, owner: User | undefined): Refusal | null => {
    const user = identified(auth["identifier"]);
    if (user === undefined) return { status: 403, errcode: "M_FORBIDDEN" };
    return user.password === auth["password"] && (owner === undefined || owner === user)
      ? null
      : { status: 401, errcode: "M_FORBIDDEN" };
  };
  const judge = (auth: Json, owner?: User): Refusal | null => {
    const { sid, client_secret } = (auth["threepid_creds"] ?? {}) as Json; // missing members read as undefined
    const refused = { status: 401, errcode: "M_UNAUTHORIZED" };
    switch (auth["type"]) {
      case "m.login.password":
        return wrongPassword(auth, owner);
      case "m.login.registration_token":
        return auth["token"] === registrationToken ? null : refused;
      case "m.login.recaptcha":
        return auth["response"] === recaptchaResponse ? null : refused;
      case "m.login.email.identity":
      case "m.login.msisdn":
        return validations.isValidated(sid, client_secret) ? null : refused;
      case "m.login.sso":
        return refused;
      default:
        return null;
    }
  };
  const authenticate = (body: Json, authenticated: Omit<Authentication, "judge">, owner?: User): Answer | null =>
    authentication.require({ ...authenticated, judge: (auth) => judge(auth, owner) }, body["auth"] as Json | undefined); // an object in these tests

  const register = ({ body, query }: Call): Answer => {
    if (query.get("kind") === "guest") return ok({ ...logIn(addUser(`guest${++count}`, "")) });
    const username = String(body["username"] ?? `user${++count}`);
    if (!/^[a-z0-9._=/+-]+$/.test(username)) return error(400, "M_INVALID_USERNAME");
    if (users.has(username)) return error(400, "M_USER_IN_USE");
    const policies = { privacy: { version: "1", en: { name: "Privacy", url: "https://example.org/privacy" } } };
    const params = { "m.login.terms": { policies }, "m.login.recaptcha": { public_key: "key" } };
    const refused = authenticate(body, { flows: registrationFlows, params, subject: "register" });
    if (refused !== null) return refused;
    const user = addUser(username, String(body["password"]));
    return ok(body["inhibit_login"] === true ? { user_id: user.id } : logIn(user));
  };
  const addUser = (name: string, password: string): User => {
    const user = { id: `@${name}:test`, password, threepids: [], devices: new Map(), masterKey: null };
    users.set(name, user);
    return user;
  };
  const login = ({ body }: Call): Answer => {
    const tokenOwner = loginTokens.get(String(body["token"]));
    if (body["type"] === "m.login.token") {
      loginTokens.delete(String(body["token"]));
      return tokenOwner === undefined ? error(403, "M_FORBIDDEN") : ok(logIn(tokenOwner));
    }
    const user = identified(body["identifier"]);
    return user === undefined || user.password !== body["password"] ? error(403, "M_FORBIDDEN") : ok(logIn(user));
  };
  const submit = ({ body, query }: Call): Answer =>
    validations.submit(query.get("sid") ?? body["sid"], query.get("token") ?? body["token"])
      ? ok({ success: true })
      : error(400, "M_TOKEN_INCORRECT");
  const deleteDevices = (call: Call, user: User, devices: readonly string[]): Answer => {
    const refused = authenticate(
      call.body,
      { flows: passwordFlows, subject: `${user.id} ${call.path} ${devices.join(" ")}` },
      user,
    );
    if (refused !== null) return refused;
    for (const device of devices) logOut(user, device);
    return ok({});
  };
  const changePassword = (call: Call, caller: User | undefined, bearer: string | undefined): Answer => {
    const flows = caller === undefined ? [["m.login.email.identity"]] : passwordFlows;
    const refused = authenticate(call.body, { flows, subject: `${caller?.id} password` }, caller);
    if (refused !== null || caller === undefined) return refused ?? error(403, "M_FORBIDDEN");
    caller.password = String(call.body["new_password"]);
    const out = call.body["logout_devices"] === false ? [] : [...caller.devices];
    for (const [device, token] of out) if (token !== bearer) logOut(caller, device);
    return ok({});
  };
  const uploadKeys = (call: Call, user: User): Answer => {
    const key = JSON.stringify(call.body["master_key"]);
    const flows = [...passwordFlows, ["m.oauth"]];
    const params = { "m.oauth": { url: "https://example.org/approve" } };
    const isExempt = user.masterKey === null || user.masterKey === key;
    const refused = isExempt ? null : authenticate(call.body, { flows, params, subject: `${user.id} keys` }, user);
    if (refused === null) user.masterKey = key;
    return refused ?? ok({});
  };
  const add3pid = (call: Call, user: User): Answer => {
    const refused = authenticate(call.body, { flows: passwordFlows, subject: `${user.id} 3pid` }, user);
    if (refused !== null) return refused;
    const validation = validations.find(call.body["sid"]);
    if (validation?.validated !== true) return error(400, "M_NO_VALID_SESSION");
    user.threepids.push({ medium: validation.medium, address: validation.address });
    return ok({});
  };
  const loginToken = (call: Call, user: User): Answer => {
    const refused = authenticate(call.body, { flows: passwordFlows, subject: `${user.id} token` }, user);
    if (refused !== null) return refused;
    const login_token = randomUUID();
    loginTokens.set(login_token, user);
    return ok({ login_token, expires_in_ms: 120_000 });
  };
  const fallbackPage = (call: Call, method: string): Answer => {
    const stage = decodeURIComponent(call.path.split("/")[5] ?? "");
    const session = call.query.get("session") ?? "";
    if (method === "GET")
      return page(`<form method="post"><input name="agree" type="checkbox"><button>Agree</button></form>`);
    authentication.completeOnPage(session, stage);
    return page(doneScript);
  };

  const withToken = (call: Call, method: string): Answer => {
    if (call.bearer === undefined) return error(401, "M_MISSING_TOKEN");
    const caller = tokens.get(call.bearer);
    if (caller === undefined) return error(401, "M_UNKNOWN_TOKEN");
    const { user } = caller;
    const device = /\/v3\/devices\/([^/]+)$/.exec(call.path)?.[1];
    if (device !== undefined && method === "DELETE") return deleteDevices(call, user, [device]);
    if (device !== undefined) return user.devices.has(device) ? ok({ device_id: device }) : error(404, "M_NOT_FOUND");
    switch (`${method} ${call.path.replace("/_matrix/client", "")}`) {
      case "GET /v3/account/whoami":
        return ok({ user_id: user.id, device_id: caller.device });
      case "GET /v3/devices":
        return ok({ devices: [...user.devices.keys()].map((device_id) => ({ device_id })) });
      case "POST /v3/delete_devices":
        return deleteDevices(call, user, (call.body["devices"] ?? []) as string[]); // these tests send strings
      case "POST /v3/logout/all":
        for (const known of user.devices.keys()) logOut(user, known);
        return ok({});
      case "POST /v3/account/3pid/add":
        return add3pid(call, user);
      case "POST /v1/login/get_token":
        return loginToken(call, user);
      case "POST /v3/keys/device_signing/upload":
        return uploadKeys(call, user);
      default:
        return error(404, "M_UNRECOGNIZED");
    }
  };
  const route = (call: Call, method: string): Answer => {
    const medium = /\/(email|msisdn)\/requestToken$/.exec(call.path)?.[1];
    if (medium !== undefined) return ok(validations.requestToken(medium === "email" ? "email" : "msisdn", call.body));
    if (call.path.endsWith("/fallback/web")) return fallbackPage(call, method);
    const caller = tokens.get(call.bearer ?? "")?.user;
    switch (`${method} ${call.path}`) {
      case "GET /_matrix/client/versions":
        return ok({ versions: ["v1.18", "v1.19"] });
      case "GET /_matrix/static/client/login/":
        return page("<p>Log in</p>");
      case "POST /_matrix/client/v3/register":
        return register(call);
      case "GET /_matrix/client/v1/register/m.login.registration_token/validity":
        return ok({ valid: call.query.get("token") === registrationToken });
      case "POST /_matrix/client/v3/login":
        return login(call);
      case "GET /_matrix/client/unstable/submit":
      case "POST /_matrix/client/unstable/submit":
        return submit(call);
      case "POST /_matrix/client/v3/account/password":
        return changePassword(call, caller, call.bearer);
      case "POST /_matrix/client/v3/account/deactivate":
        return (
          authenticate(call.body, { flows: passwordFlows, subject: `${caller?.id} deactivate` }, caller) ??
          ok({ id_server_unbind_result: "success" })
        );
      default:
        return withToken(call, method);
    }
  };

  return {
    fetch: async (request) => {
      const url = new URL(request.url);
      const text = await request.text();
      const isJson = request.headers.get("content-type") === "application/json";
      const body = isJson ? (JSON.parse(text) as Json) : {}; // the checks send objects
      const bearer = request.headers.get("authorization")?.replace("Bearer ", "");
      const call = { path: url.pathname, query: url.searchParams, body, bearer };
      const answer = route(call, request.method);
      const isPage = typeof answer.body === "string";
      return new Response(isPage ? String(answer.body) : JSON.stringify(answer.body), {
        status: answer.status,
        headers: {
          "content-type": isPage ? "text/html; charset=utf-8" : "application/json",
          "access-control-allow-origin": "*",
        },
      });
    },
    inbox: validations.inbox,
  };
}

function ok(body: Json): Answer {
  return { status: 200, body };
}

function page(html: string): Answer {
  return { status: 200, body: `<!doctype html><title>Test</title>${html}` };
}

function error(status: number, errcode: string): Answer {
  return { status, body: { errcode, error: "No" } };
}
