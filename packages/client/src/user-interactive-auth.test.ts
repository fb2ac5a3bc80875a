import { expect, test } from "vitest";
import type { Answer } from "./fixtures/test-server.ts";
import { jsonOf, startServer } from "./fixtures/test-server.ts";
import { createMatrixClient } from "./matrix-client.ts";
import type { UserInteractiveAuthOptions } from "./user-interactive-auth.ts";
import { withUserInteractiveAuth } from "./user-interactive-auth.ts";
import type { AuthenticationData, StageContext, StageHandlers } from "./user-interactive-stages.ts";

const alice = { type: "m.id.user", user: "alice" } as const;

test("a call that needs no authentication is made once, without any", async () => {
  await using server = await startRegistration({ flows: [], isExempt: true });
  expect(await register(server.url, {})).toMatchObject({ ok: true, data: { user_id: "@alice:example.org" } });
  expect(server.auths).toEqual([undefined]);
});

test("the stages of a flow are completed in order, with one session", async () => {
  await using server = await startRegistration({
    flows: [["m.login.registration_token", "m.login.terms", "m.login.dummy"]],
    params: { "m.login.terms": { policies: { privacy: { version: "1" } } } },
  });
  const policies: unknown[] = [];
  const result = await register(server.url, {
    "m.login.dummy": true,
    "m.login.terms": (params) => {
      policies.push(params.policies);
      return true;
    },
    "m.login.registration_token": async () => ({ token: "good" }),
  });
  expect(result).toMatchObject({ ok: true, status: 200 });
  expect(server.auths).toEqual([
    undefined,
    { type: "m.login.registration_token", token: "good", session: "s1" },
    { type: "m.login.terms", session: "s1" },
    { type: "m.login.dummy", session: "s1" },
  ]);
  expect(policies).toEqual([{ privacy: { version: "1" } }]);
});

test("of the flows that can be finished, the shortest is taken", async () => {
  await using server = await startRegistration({
    flows: [["m.login.recaptcha"], ["m.login.terms", "m.login.dummy"], ["m.login.registration_token"]],
    params: { "m.login.terms": { policies: {} }, "m.login.recaptcha": { public_key: "k" } },
  });
  const result = await register(server.url, {
    "m.login.terms": () => true,
    "m.login.dummy": true,
    "m.login.registration_token": () => ({ token: "good" }),
  });
  expect(result.ok).toBe(true);
  expect(server.auths.map((auth) => auth?.type)).toEqual([undefined, "m.login.registration_token"]);
});

test("what has been completed already is not attempted again", async () => {
  await using server = await startRegistration({
    flows: [["m.login.registration_token"], ["m.login.dummy", "m.login.msisdn", "m.login.registration_token"]],
    completed: ["m.login.dummy", "m.login.msisdn"],
  });
  const result = await register(server.url, { "m.login.registration_token": () => ({ token: "good" }) });
  expect(result.ok).toBe(true);
  expect(server.auths.length).toBe(2);
});

test("a failed attempt comes back to the handler of its stage, with the reason", async () => {
  await using server = await startRegistration({ flows: [["m.login.dummy", "m.login.registration_token"]] });
  const contexts: StageContext[] = [];
  const result = await register(server.url, {
    "m.login.dummy": true,
    "m.login.registration_token": (_, context) => {
      contexts.push(context);
      return { token: context.attempt < 3 ? "bad" : "good" };
    },
  });
  expect(result.ok).toBe(true);
  const failure = { errcode: "M_UNAUTHORIZED", error: "m.login.registration_token: no." };
  expect(contexts).toEqual([
    { session: "s1", attempt: 1 },
    { session: "s1", attempt: 2, failure },
    { session: "s1", attempt: 3, failure },
  ]);
});

test("the reason of a failure is for the stage that was attempted, no other", async () => {
  await using server = await startRegistration({
    flows: [["m.login.dummy", "m.login.registration_token"]],
    extra: { errcode: "M_UNKNOWN" },
  });
  const contexts: StageContext[] = [];
  const result = await register(server.url, {
    "m.login.dummy": true,
    "m.login.registration_token": (_, context) => {
      contexts.push(context);
      return { token: "good" };
    },
  });
  expect(result.ok).toBe(true);
  expect(contexts).toEqual([{ session: "s1", attempt: 1 }]);
});

test("a challenge is one even when its errcode looks like another error", async () => {
  await using server = await startRegistration({ flows: [["m.login.dummy"]], extra: { errcode: "M_UNKNOWN_TOKEN" } });
  expect((await register(server.url, { "m.login.dummy": true })).ok).toBe(true);
});

test("a stage completed elsewhere is looked at again by the session alone", async () => {
  await using server = await startRegistration({ flows: [["m.login.sso"]], patience: 2 });
  const contexts: StageContext[] = [];
  const result = await register(server.url, {
    "m.login.sso": (_, context) => {
      contexts.push(context);
      return true;
    },
  });
  expect(result.ok).toBe(true);
  expect(server.auths).toEqual([undefined, { session: "s1" }, { session: "s1" }]);
  expect(contexts.map(({ attempt }) => attempt)).toEqual([1, 2]);
});

test("with all stages completed, the session alone asks the server to finish", async () => {
  await using server = await startRegistration({ flows: [["m.login.dummy"]], completed: ["m.login.dummy"] });
  expect((await register(server.url, {})).ok).toBe(true);
  expect(server.auths).toEqual([undefined, { session: "s1" }]);
});

test("a session that is given only once is kept", async () => {
  await using server = await startRegistration({ flows: [["m.login.dummy", "m.login.msisdn"]], session: "once" });
  const threepid_creds = { sid: "1", client_secret: "2" };
  const result = await register(server.url, { "m.login.dummy": true, "m.login.msisdn": () => ({ threepid_creds }) });
  expect(result.ok).toBe(true);
  expect(server.auths[2]).toEqual({ type: "m.login.msisdn", threepid_creds, session: "s1" });
});

test("a server that gives no session gets none", async () => {
  await using server = await startRegistration({ flows: [["m.login.dummy"]], session: null });
  expect((await register(server.url, { "m.login.dummy": true })).ok).toBe(true);
  expect(server.auths).toEqual([undefined, { type: "m.login.dummy" }]);
});

test("a stage of the server's own is handled where that is asked for", async () => {
  await using server = await startRegistration({
    flows: [["org.example.quiz"]],
    params: { "org.example.quiz": { q: 1 } },
  });
  const customStages = { "org.example.quiz": (params: object) => ({ answer: params }) };
  const result = await register(server.url, {}, { customStages });
  expect(result.ok).toBe(true);
  expect(server.auths[1]).toEqual({ type: "org.example.quiz", answer: { q: 1 }, session: "s1" });
});

test("any other result is returned as it is, in the middle too", async () => {
  const taken = { errcode: "M_USER_IN_USE", error: "Taken." };
  await using server = await startRegistration({
    flows: [["m.login.dummy", "m.login.registration_token"]],
    intercept: (auth) => (auth?.type === "m.login.registration_token" ? { status: 400, body: taken } : undefined),
  });
  const result = await register(server.url, {
    "m.login.dummy": true,
    "m.login.registration_token": () => ({ token: "good" }),
  });
  expect(result).toMatchObject({ ok: false, kind: "error", status: 400, error: taken });
});

test("an access token that is missing is no challenge", async () => {
  const body = { errcode: "M_MISSING_TOKEN", error: "Log in first." };
  await using server = await startServer(() => ({ status: 401, body }));
  const client = createMatrixClient({ baseUrl: server.url });
  const result = await withUserInteractiveAuth(
    (auth) => client.POST("/_matrix/client/v3/delete_devices", { body: { devices: [], auth } }),
    { "m.login.password": () => ({ identifier: alice, password: "p" }) },
  );
  expect(result).toMatchObject({ ok: false, kind: "error", status: 401, error: body });
  expect(server.received.length).toBe(1);
});

test.for<[string, RegistrationOptions, StageHandlers, object]>([
  [
    "no flow can be handled",
    { flows: [["m.login.dummy", "m.login.msisdn"]] },
    { "m.login.dummy": true },
    { reason: "no-flow" },
  ],
  ["there are no flows", { flows: [] }, { "m.login.dummy": true }, { reason: "no-flow" }],
  [
    "the flow that can be handled is not the one that was begun",
    { flows: [["m.login.registration_token"], ["m.login.dummy", "m.login.msisdn"]], completed: ["m.login.dummy"] },
    { "m.login.registration_token": () => ({ token: "good" }) },
    { reason: "no-flow" },
  ],
  [
    "a stage lacks the parameters it is defined by",
    { flows: [["m.login.terms"]] },
    { "m.login.terms": () => true },
    { reason: "no-flow" },
  ],
  [
    "a stage is named like a property of every object",
    { flows: [["constructor"], ["__proto__"]] },
    { "m.login.dummy": true },
    { reason: "no-flow" },
  ],
  [
    "a stage was completed elsewhere and there is no session to say so",
    { flows: [["m.login.sso"]], session: null },
    { "m.login.sso": () => true },
    { reason: "no-flow", stage: "m.login.sso" },
  ],
  [
    "the handler gives up",
    { flows: [["m.login.registration_token"]] },
    { "m.login.registration_token": () => null },
    { reason: "given-up", stage: "m.login.registration_token" },
  ],
  [
    "the attempts are used up",
    { flows: [["m.login.registration_token"]] },
    { "m.login.registration_token": () => ({ token: "bad" }) },
    { reason: "too-many-attempts", stage: "m.login.registration_token" },
  ],
  [
    "the server never finishes",
    { flows: [["m.login.dummy"]], completed: ["m.login.dummy"], patience: 99 },
    {},
    { reason: "too-many-attempts" },
  ],
  [
    "the server starts over",
    { flows: [["m.login.registration_token"]], session: "changing" },
    { "m.login.registration_token": () => ({ token: "bad" }) },
    { reason: "session-changed", stage: "m.login.registration_token" },
  ],
])("it stops when %s", async ([, options, handlers, expected]) => {
  await using server = await startRegistration(options);
  const result = await register(server.url, handlers, { attempts: 3 });
  expect(result).toMatchObject({ ok: false, kind: "authentication-stopped", status: 401, ...expected });
  const { flows } = options;
  expect(result.error).toMatchObject({ flows: flows.map((stages) => ({ stages })) });
  expect(server.auths.length).toBeLessThanOrEqual(4);
});

interface RegistrationOptions {
  readonly flows: readonly (readonly string[])[];
  readonly params?: object;
  readonly completed?: readonly string[];
  readonly isExempt?: boolean;
  /** Beside every challenge. */
  readonly extra?: object;
  /** How often the session alone has to ask until the server is satisfied. */
  readonly patience?: number;
  /** Null: none. `once`: only in the first challenge. `changing`: another one each time. */
  readonly session?: "once" | "changing" | null;
  readonly intercept?: (auth: AuthenticationData | undefined) => Answer | undefined;
}

/** A registration that takes any data at the stage that is due, except the token `bad`. */
async function startRegistration(options: RegistrationOptions) {
  const { flows, params = {}, isExempt = false, extra = {}, patience = 1, intercept } = options;
  const auths: (Record<string, unknown> | undefined)[] = [];
  const completed = [...(options.completed ?? [])];
  let looks = 0;
  const server = await startServer((request) => {
    const { auth } = jsonOf(request) as { auth?: Record<string, unknown> }; // what the client under test has sent
    auths.push(auth);
    const intercepted = intercept?.(auth as AuthenticationData | undefined);
    if (intercepted) return intercepted;
    const session = options.session === "changing" ? `s${auths.length}` : "s1";
    const isFailed = auth?.token === "bad";
    if (typeof auth?.type === "string" && !isFailed) completed.push(auth.type);
    const isWaiting = auth !== undefined && auth.type === undefined && ++looks < patience;
    const isDone = flows.some((stages) =>
      stages.every((stage) => completed.includes(stage) || stage === "m.login.sso"),
    );
    if (isExempt || (auth && isDone && !isWaiting && !isFailed)) return { body: { user_id: "@alice:example.org" } };
    const failure = isFailed ? { errcode: "M_UNAUTHORIZED", error: `${auth.type}: no.` } : {};
    const challenge = { flows: flows.map((stages) => ({ stages })), params, completed, ...extra, ...failure };
    const isSilent = options.session === null || (options.session === "once" && auths.length > 1);
    return { status: 401, body: isSilent ? challenge : { ...challenge, session } };
  });
  return Object.assign(server, { auths });
}

function register(baseUrl: string, handlers: StageHandlers, options?: UserInteractiveAuthOptions) {
  const client = createMatrixClient({ baseUrl });
  return withUserInteractiveAuth(
    (auth) => client.POST("/_matrix/client/v3/register", { body: { username: "alice", password: "p", auth } }),
    handlers,
    options,
  );
}
