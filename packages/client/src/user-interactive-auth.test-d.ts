import type { components } from "@matrix-openapi/definitions/client-server";
import type { Same } from "./fixtures/expect-type.ts";
import { expectType } from "./fixtures/expect-type.ts";
import type { AuthenticationData, StageHandlers, UserInteractiveAuthChallenge } from "./index.ts";
import { createMatrixClient, isUserInteractive, withUserInteractiveAuth } from "./index.ts";

type Schemas = components["schemas"];

const client = createMatrixClient({ baseUrl: "https://example.org" });
const register = (auth: AuthenticationData | undefined) =>
  client.POST("/_matrix/client/v3/register", { body: { username: "alice", auth } });
const identifier = { type: "m.id.user", user: "alice" } as const;

// A challenge is told from the other errors of its status.
const deleted = await client.POST("/_matrix/client/v3/delete_devices", { body: { devices: [] } });
if (!deleted.ok && deleted.status === 401) {
  if (isUserInteractive(deleted.error)) expectType<Same<typeof deleted.error, UserInteractiveAuthChallenge>>();
  else expectType<Same<typeof deleted.error.errcode, "M_MISSING_TOKEN" | "M_UNKNOWN_TOKEN" | "M_USER_LOCKED">>();
}

// The result is the call's own, or that it stopped.
const account = await withUserInteractiveAuth(register, { "m.login.dummy": true });
if (account.ok) expectType<Same<typeof account.data, Schemas["RegisterResponse"]>>();
else if (account.kind === "authentication-stopped") {
  expectType<Same<typeof account.error, UserInteractiveAuthChallenge>>();
  // @ts-expect-error no such reason
  void (account.reason === "bored");
} else if (account.status === 400 && account.error.errcode === "M_USER_IN_USE") void account.error.error;

// Handlers are checked by their stage.
({
  "m.login.dummy": true,
  "m.login.password": (_params, { session, attempt, failure }) => {
    expectType<Same<typeof session, string | undefined>>();
    return attempt > 1 && failure?.errcode === "M_FORBIDDEN" ? null : { identifier, password: "p" };
  },
  "m.login.recaptcha": (params) => {
    expectType<Same<typeof params, Schemas["RecaptchaParams"]>>();
    return { response: "r" };
  },
  "m.login.terms": async ({ policies }) => Object.keys(policies).length > 0 || null,
  "m.login.email.identity": () => ({ threepid_creds: { sid: "1", client_secret: "2" } }),
  "m.login.registration_token": () => ({ token: "t" }),
  "m.login.sso": () => true,
  "m.oauth": ({ url }) => (url === "" ? null : true),
}) satisfies StageHandlers;

// @ts-expect-error the identifier is missing
({ "m.login.password": () => ({ password: "p" }) }) satisfies StageHandlers;
// @ts-expect-error data of another stage
({ "m.login.registration_token": () => ({ response: "r" }) }) satisfies StageHandlers;
// @ts-expect-error single sign-on takes no data
({ "m.login.sso": () => ({ token: "t" }) }) satisfies StageHandlers;
// @ts-expect-error agreeing takes a handler that looks at what is agreed to
({ "m.login.terms": true }) satisfies StageHandlers;
// @ts-expect-error a misspelt stage
({ "m.login.dumy": true }) satisfies StageHandlers;
// @ts-expect-error false is neither true nor null
({ "m.login.sso": () => false }) satisfies StageHandlers;

// Stages outside of the specification are asked for by name, and cannot set what the combinator sets.
await withUserInteractiveAuth(register, {}, { customStages: { "org.example.quiz": () => ({ answer: 42 }) } });
// @ts-expect-error the type is the stage's name
await withUserInteractiveAuth(register, {}, { customStages: { "org.example.quiz": () => ({ type: "other" }) } });

// The union of attempts has no hole: no type without its data, no type at all with the session alone.
({ session: "s" }) satisfies AuthenticationData;
// @ts-expect-error a type without its data
({ type: "m.login.password", session: "s" }) satisfies AuthenticationData;
// @ts-expect-error a type of nobody's
({ type: "org.example.quiz", session: "s" }) satisfies AuthenticationData;
// @ts-expect-error nothing at all
({}) satisfies AuthenticationData;
