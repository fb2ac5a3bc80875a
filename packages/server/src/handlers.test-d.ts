import { binary, createClientServerApi, createIdentityApi, error, html, ok, redirect, respond } from "./index.ts";
import type { ClientServerHandler, JsonValue, MatrixUser, UserInteractiveAuth } from "./index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_True extends true>(): void {}

createClientServerApi({
  getTokenOwner: ({ user }) => ok({ user_id: user.id, device_id: user.deviceId ?? "" }),

  login: async ({ body }) => {
    if (body.type === "m.login.password") {
      expectType<Equal<typeof body.password, string>>();
      if (body.password === "") return error(403, "M_FORBIDDEN");
    }
    if (body.type === "m.login.token") return error(400, "M_UNKNOWN", "No such login type.");
    return ok({ user_id: "@a:b", access_token: "t", device_id: "D" });
  },

  getLoginFlows: () => ok({ flows: [{ type: "m.login.password" }] }),

  deleteDevice: ({ params, user, uia }) =>
    uia.run({ flows: [["m.login.password"]] }, ({ evidence, tx }) => {
      expectType<Equal<typeof params.path.deviceId, string>>();
      expectType<Equal<typeof evidence, Readonly<Record<string, JsonValue>>>>();
      expectType<Equal<typeof tx, undefined>>();
      return user.guest ? error(404, "M_NOT_FOUND") : ok({});
    }),

  changePassword: async ({ user, uia }) => {
    expectType<Equal<typeof user, MatrixUser | undefined>>();
    const grant = await uia.require([["m.login.password"]]);
    return grant.userId === null ? error(403, "M_FORBIDDEN") : ok({});
  },

  // Callers are application services where no others may call.
  pingAppservice: ({ user }) => {
    expectType<Equal<typeof user.applicationService, string>>();
    return ok({ duration_ms: user.id.length });
  },
  getAccountData: ({ user }) => {
    expectType<Equal<typeof user.applicationService, string | undefined>>();
    return ok({});
  },

  uploadContent: ({ body }) => {
    expectType<Equal<typeof body, ReadableStream<Uint8Array>>>();
    return ok({ content_uri: "mxc://h/m" });
  },
  getContentAuthed: ({ params }) => {
    expectType<Equal<typeof params.query.timeout_ms, number | undefined>>();
    return params.path.mediaId === "" ? redirect(308, "https://h/") : binary(200, "image/png", new Uint8Array());
  },
  joinRoom: ({ params, body }) => {
    expectType<Equal<typeof params.query.via, string[] | undefined>>();
    return body.reason === "" ? error(403, "M_FORBIDDEN") : ok({ room_id: "!r" });
  },
  queryUserByProtocol: ({ params }) => {
    expectType<Equal<typeof params.query.fields, Record<string, string> | undefined>>();
    return ok([]);
  },
  // @ts-expect-error -- A redirect that is not described is none of its results.
  getConfigAuthed: () => redirect(307, "https://h/"),

  getAuthFallback: ({ params }) => html(200, params.query.session),

  // Any operation may answer with a common error …
  getCapabilities: () => error(429, "M_LIMIT_EXCEEDED", "Wait.", { retry_after_ms: 2000 }),
  // @ts-expect-error -- … but not with a code of other operations,
  getDevices: () => error(400, "M_USER_IN_USE"),
  // @ts-expect-error -- at a status that is not its own,
  getDevice: () => respond(202, {}),
  // @ts-expect-error -- with a code that belongs to another status,
  refresh: () => error(404, "M_UNKNOWN_TOKEN"),
  // @ts-expect-error -- or with a body of the wrong form.
  getVersions: () => ok({ versions: "v1.19" }),
  // @ts-expect-error -- An operation without a token has no user,
  checkUsernameAvailability: ({ user }) => ok({ available: user !== undefined }),
  // @ts-expect-error -- and one without user-interactive auth has no gate.
  logout: ({ uia }) => uia.require([["m.login.dummy"]]),
});

// @ts-expect-error -- A misspelt operation is found.
createClientServerApi({ getTokenOwnr: () => error(404, "M_NOT_FOUND") });

interface Member extends MatrixUser {
  readonly admin: boolean;
}
interface Transaction {
  readonly write: (row: string) => void;
}
const deactivate: ClientServerHandler<"deactivateAccount", Member, Transaction> = ({ uia, user }) =>
  uia.run({ flows: [["m.login.password"]], exempt: false }, ({ tx }) => {
    tx.write(String(user?.admin));
    return ok({ id_server_unbind_result: "success" });
  });
declare const uia: UserInteractiveAuth<Transaction>;
declare function findMember(token: string): Member;

createClientServerApi<Member, Transaction>({ deactivateAccount: deactivate }, { uia });
// User and transaction follow from the options, where those are typed by themselves.
createClientServerApi(
  {
    getTokenOwner: ({ user }) => (user.admin ? ok({ user_id: user.id }) : error(403, "M_FORBIDDEN")),
    add3PID: (ctx) => ctx.uia.run({ flows: [["m.login.password"]] }, ({ tx }) => (tx.write("row"), ok({}))),
  },
  { uia, authenticate: findMember },
);
// @ts-expect-error -- Handlers that write in a transaction need a store that gives one.
createClientServerApi<Member, Transaction>({ deactivateAccount: deactivate }, {});
// @ts-expect-error -- The user that handlers expect is the one that `authenticate` has to give.
createClientServerApi<Member, Transaction>({}, { uia, authenticate: (): MatrixUser => guest });
declare const guest: MatrixUser;

createIdentityApi({
  getAccount: ({ user }) => ok({ user_id: user.id }),
  registerAccount: ({ body }) => ok({ token: body.access_token }),
  // @ts-expect-error -- Identity servers have codes of their own.
  lookupUsers: () => error(400, "M_BAD_JSON"),
});
