import type { components, operations } from "@matrix-openapi/definitions/client-server";
import type { operations as identityOperations } from "@matrix-openapi/definitions/identity";
import type { Same } from "./fixtures/expect-type.ts";
import { expectType } from "./fixtures/expect-type.ts";
import type { WarehouseErrors, WarehousePaths } from "./fixtures/warehouse-api.ts";
import { createIdentityClient } from "./identity.ts";
import { createMatrixClient } from "./index.ts";
import type { DescribableStatus, RedirectStatus, SuccessStatus } from "./result.ts";
import { createTypedClient } from "./typed-client.ts";

type Schemas = components["schemas"];

const client = createMatrixClient({ baseUrl: "https://example.org" });
const warehouse = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: "https://example.org" });
const params = { path: { deviceId: "D" } };

// What a call takes ---------------------------------------------------------------------------------------------------

await client.GET("/_matrix/client/versions");
await client.GET("/_matrix/client/versions", { signal: AbortSignal.timeout(1000), headers: { a: "b" } });
await client.GET("/_matrix/client/v3/devices/{deviceId}", { params });
await client.POST("/_matrix/client/v3/register", { params: { query: { kind: "guest" } }, body: {} });

// @ts-expect-error a misspelt path
await client.GET("/_matrix/client/version");
// @ts-expect-error a path that has no such method
await client.DELETE("/_matrix/client/versions");
// @ts-expect-error the path values are missing
await client.GET("/_matrix/client/v3/devices/{deviceId}");
// @ts-expect-error a misspelt path value
await client.GET("/_matrix/client/v3/devices/{deviceId}", { params: { path: { device: "D" } } });
// @ts-expect-error a path value of another type
await client.GET("/_matrix/client/v3/devices/{deviceId}", { params: { path: { deviceId: 1 } } });
// @ts-expect-error a path value that may be missing
await client.GET("/_matrix/client/v3/devices/{deviceId}", { params: { path: { deviceId: process.env.DEVICE } } });
// @ts-expect-error a misspelt query key
await client.POST("/_matrix/client/v3/register", { params: { query: { knd: "guest" } }, body: {} });
// @ts-expect-error a query key of another operation
await client.GET("/_matrix/client/versions", { params: { query: { kind: "guest" } } });
// @ts-expect-error a query value that is none of its enum
await client.POST("/_matrix/client/v3/register", { params: { query: { kind: "admin" } }, body: {} });
// @ts-expect-error a misspelt body key
await client.PUT("/_matrix/client/v3/devices/{deviceId}", { params, body: { displayname: "Phone" } });
// @ts-expect-error a body where there is none
await client.POST("/_matrix/client/v3/logout", { body: { all: true } });
// @ts-expect-error a required body is missing
await client.POST("/_matrix/client/v3/login");
// @ts-expect-error a field of the body is missing
await client.POST("/_matrix/client/v3/login", { body: { type: "m.login.token" } });
// @ts-expect-error a misspelt option
await client.GET("/_matrix/client/versions", { sgnal: null });
// @ts-expect-error an option that fetch has and this client sets itself
await client.GET("/_matrix/client/versions", { method: "POST" });

// `auth` may be undefined, as the first request of user-interactive authentication has it; nothing else may.
await client.DELETE("/_matrix/client/v3/devices/{deviceId}", { params, body: { auth: undefined } });
await client.POST("/_matrix/client/v3/register", { body: { username: "alice", auth: undefined } });
// @ts-expect-error undefined is not absent
await client.POST("/_matrix/client/v3/register", { body: { username: undefined } });
// @ts-expect-error a stage's data is incomplete
await client.POST("/_matrix/client/v3/register", { body: { auth: { type: "m.login.password" } } });
// @ts-expect-error an attempt at a stage the union does not know
await client.POST("/_matrix/client/v3/register", { body: { auth: { type: "org.example.quiz", session: "s" } } });

// What a call gives ---------------------------------------------------------------------------------------------------

const devices = await client.GET("/_matrix/client/v3/devices/{deviceId}", { params });
if (devices.ok) {
  expectType<Same<typeof devices.status, 200>>();
  expectType<Same<typeof devices.data, Schemas["Device"]>>();
} else {
  // @ts-expect-error a failure has no data
  void devices.data.device_id;
  switch (devices.kind) {
    case "error":
      expectType<Same<typeof devices.error.error, string>>();
      break;
    case "redirect":
      expectType<Same<typeof devices.location, string | null>>();
      break;
    case "unreadable":
      expectType<Same<typeof devices.cause.status, number>>();
      break;
    case "network":
      expectType<Same<typeof devices.cause.operation, string>>();
      break;
    default:
      expectType<Same<typeof devices.kind, "invalid-parameter">>();
  }
}

// Both ways of taking a result apart narrow it.
const { data, error } = devices;
if (data) expectType<Same<typeof data, Schemas["Device"]>>();
expectType<Same<undefined extends typeof error ? true : false, true>>();

// By status, then by errcode: this operation's codes and those that any operation may answer there.
const login = await client.POST("/_matrix/client/v3/login", { body: { type: "m.login.token", token: "t" } });
if (!login.ok && login.status === 403) {
  type LoginForbidden =
    | "M_FORBIDDEN"
    | "M_USER_DEACTIVATED"
    | "M_EXCLUSIVE"
    | "M_RESOURCE_LIMIT_EXCEEDED"
    | "M_USER_LIMIT_EXCEEDED";
  expectType<Same<typeof login.error.errcode, LoginForbidden>>();
  // @ts-expect-error a code that is not among them
  void (login.error.errcode === "M_USER_IN_USE");
  if (login.error.errcode === "M_RESOURCE_LIMIT_EXCEEDED") void login.error.admin_contact;
}
if (!login.ok && login.status === 429) expectType<Same<typeof login.error, Schemas["M_LIMIT_EXCEEDED"]>>();

// At a status that the description does not list, the common codes are known and others occur.
if (!login.ok && login.status === 502) {
  expectType<Same<typeof login.error.errcode & "M_UNKNOWN", "M_UNKNOWN">>();
  void (login.error.errcode === "ORG.EXAMPLE.CODE");
}
// @ts-expect-error no status of any answer
if (!login.ok && login.status === 200) void 0;

// Bodies of other types than JSON are read as the caller says, and have to be.
const page = await client.GET("/_matrix/static/client/login/", { parseAs: "text" });
if (page.ok) expectType<Same<typeof page.data, string>>();
// @ts-expect-error it has to be said how to read it
await client.GET("/_matrix/static/client/login/");
// @ts-expect-error no way to read it
await client.GET("/_matrix/static/client/login/", { parseAs: "xml" });

// What only redirects has nothing to read.
const provider = { path: { idpId: "github" }, query: { redirectUrl: "https://client.example.org/" } };
const sso = await client.GET("/_matrix/client/v3/login/sso/redirect/{idpId}", { params: provider });
if (!sso.ok && sso.kind === "redirect") expectType<Same<typeof sso.location, string | null>>();

const media = { path: { mediaId: "m" } };
const download = await warehouse.GET("/media/{mediaId}", { params: media, parseAs: "blob" });
if (download.ok) expectType<Same<typeof download.data, Blob>>();
await warehouse.PUT("/media/{mediaId}", { params: media, body: new Blob([]) });
await warehouse.PUT("/media/{mediaId}", { params: media, body: new Uint8Array() });
// @ts-expect-error text is not binary
await warehouse.PUT("/media/{mediaId}", { params: media, body: "text" });
// @ts-expect-error an array's items are checked
await warehouse.GET("/items/{itemId}", { params: { path: { itemId: "1" }, query: { tag: [1] } } });

// The identity server's operations and codes are its own.
const identity = createIdentityClient({ baseUrl: "https://id.example.org" });
const hashes = await identity.GET("/_matrix/identity/v2/hash_details");
if (hashes.ok) expectType<Same<typeof hashes.data.lookup_pepper, string>>();
if (!hashes.ok && hashes.status === 403) expectType<Same<typeof hashes.error.errcode, "M_TERMS_NOT_SIGNED">>();
// @ts-expect-error an operation of the homeserver
await identity.GET("/_matrix/client/versions");

// Every status that an operation describes is one of those that results are made of.
type StatusesOf<Operations> = {
  [Id in keyof Operations]: Operations[Id] extends { responses: infer Responses } ? keyof Responses : never;
}[keyof Operations];
type ResultStatus = SuccessStatus | RedirectStatus | DescribableStatus;
expectType<Same<Exclude<StatusesOf<operations> | StatusesOf<identityOperations>, ResultStatus>, never>>();
