import { logIn } from "../accounts.ts";
import { clientOf, neededString, path } from "../client-server/client.ts";
import { makeSigningKey } from "../client-server/signing.ts";
import type { OperationId } from "../client-server/operations.ts";
import { isObject, member, stringMember } from "../json.ts";
import { NotOffered } from "../outcome.ts";
import { newPassword } from "../sign-up.ts";
import { offeredStages, readChallenge } from "../user-interactive-auth/challenge.ts";
import { anotherPassword, asAlice, asThrowaway, withPassword } from "./flow.ts";
import type { Flow } from "./flow.ts";

const v3 = "/_matrix/client/v3";

/** Being found, being let in, and being let out again. */
export const accountWalk = {
  getVersions: ({ homeserver }) => homeserver.get("/_matrix/client/versions"),
  getWellknown: ({ homeserver }) => homeserver.get("/.well-known/matrix/client"),
  getWellknownSupport: ({ homeserver }) => homeserver.get("/.well-known/matrix/support"),
  getWellknownPolicy: ({ homeserver }) => homeserver.get("/.well-known/matrix/policy_server"),
  getAuthMetadata: ({ homeserver }) => homeserver.get("/_matrix/client/v1/auth_metadata"),
  getCapabilities: asAlice((alice) => alice.get("/capabilities")),
  getLoginFlows: ({ homeserver }) => homeserver.get(`${v3}/login`),
  getLoginFallback: ({ homeserver }) => homeserver.get("/_matrix/static/client/login/"),
  redirectToSSO: ({ homeserver }) => homeserver.get(`${v3}/login/sso/redirect`, { query: { redirectUrl } }),
  redirectToIdP: async ({ homeserver }) => {
    const flows = member((await homeserver.get(`${v3}/login`)).json, "flows");
    const sso = Array.isArray(flows) ? flows.find((flow) => stringMember(flow, "type") === "m.login.sso") : undefined;
    const providers = member(sso, "identity_providers");
    const provider = Array.isArray(providers) ? stringMember(providers[0], "id") : undefined;
    if (provider === undefined) throw new NotOffered("single sign-on is not offered here, or not by several providers");
    await homeserver.get(path`/_matrix/client/v3/login/sso/redirect/${provider}`, { query: { redirectUrl } });
  },
  checkUsernameAvailability: ({ homeserver, random }) =>
    homeserver.get(`${v3}/register/available`, { query: { username: `contract-${random(10)}` } }),
  registrationTokenValidity: ({ homeserver, options }) =>
    homeserver.get("/_matrix/client/v1/register/m.login.registration_token/validity", {
      query: { token: options.registrationToken ?? "contract-unknown" },
    }),
  getAuthFallback: async ({ homeserver, random }) => {
    const body = { username: `contract-${random(10)}`, password: newPassword(random) };
    const challenge = readChallenge(await homeserver.post(`${v3}/register`, body));
    if (challenge === null) throw new NotOffered("registering asks for no authentication");
    for (const stage of offeredStages(challenge)) {
      const query = { session: challenge.session ?? "" };
      const page = await homeserver.get(path`/_matrix/client/v3/auth/${stage}/fallback/web`, { query });
      if (page.status === 200) return;
    }
  },
  register: asThrowaway(async () => {}),
  login: asAlice(async (_alice, context) => {
    await clientOf(context, await logIn(context, await context.accounts.alice())).post("/logout");
  }),
  logout: asAlice(async (_alice, context) => {
    await clientOf(context, await logIn(context, await context.accounts.alice())).post("/logout");
  }),
  refresh: asThrowaway(async (_client, { userId, password }, { homeserver }) => {
    const identifier = { type: "m.id.user", user: userId };
    const body = { type: "m.login.password", identifier, password, refresh_token: true };
    const login = await homeserver.post(`${v3}/login`, body);
    const refresh_token = stringMember(login.json, "refresh_token");
    if (refresh_token === undefined) throw new NotOffered("the server gives out no refresh tokens");
    await homeserver.post(`${v3}/refresh`, { refresh_token });
  }),
  getTokenOwner: asAlice((alice) => alice.get("/account/whoami")),
  requestOpenIdToken: asAlice((alice) => alice.post(path`/user/${alice.userId}/openid/request_token`)),
  getWhoIs: asAlice((alice) => alice.get(path`/admin/whois/${alice.userId}`)),
  getDevices: asAlice((alice) => alice.get("/devices")),
  getDevice: asAlice((alice) => alice.get(path`/devices/${alice.deviceId}`)),
  updateDevice: asAlice((alice) => alice.put(path`/devices/${alice.deviceId}`, { display_name: "contract walk" })),
  deleteDevice: asThrowaway(async (client, account, context) => {
    const { deviceId } = await logIn(context, account);
    const url = path`/_matrix/client/v3/devices/${deviceId}`;
    const { token } = client;
    await withPassword(context, account, (auth) => context.homeserver.delete(url, auth ? { auth } : {}, { token }));
  }),
  deleteDevices: asThrowaway(async (client, account, context) => {
    const devices = [(await logIn(context, account)).deviceId];
    await withPassword(context, account, (auth) => client.post("/delete_devices", { devices, ...(auth && { auth }) }));
  }),
  generateLoginToken: asThrowaway((client, account, context) =>
    withPassword(context, account, (auth) =>
      client.post("/_matrix/client/v1/login/get_token", { ...(auth && { auth }) }),
    ),
  ),
  uploadCrossSigningKeys: asThrowaway(async (client, account, context) => {
    const { publicKey } = makeSigningKey();
    const keys = { [`ed25519:${publicKey}`]: publicKey };
    const master_key = { user_id: client.userId, usage: ["master"], keys };
    await withPassword(context, account, (auth) =>
      client.post("/keys/device_signing/upload", { master_key, ...(auth && { auth }) }),
    );
  }),
  changePassword: asThrowaway(async (client, account, context) => {
    const new_password = anotherPassword(context);
    await withPassword(context, account, (auth) =>
      client.post("/account/password", { new_password, logout_devices: false, ...(auth && { auth }) }),
    );
    if ((await client.get("/account/whoami")).status === 200) account.password = new_password;
  }),
  getAdminLockUser: moderation("GET", "lock"),
  setAdminLockUser: moderation("PUT", "lock"),
  getAdminSuspendUser: moderation("GET", "suspend"),
  setAdminSuspendUser: moderation("PUT", "suspend"),
  logoutAll: asThrowaway(async (client, account, context) => {
    await client.post("/logout/all");
    Object.assign(account, await logIn(context, account));
  }),
  deactivateAccount: asThrowaway((client, account, context) =>
    withPassword(context, account, (auth) =>
      client.post("/account/deactivate", { erase: true, ...(auth && { auth }) }),
    ),
  ),
} satisfies Partial<Record<OperationId, Flow>>;

const redirectUrl = "https://client.example/sso";

/** Both are set to false: an account that was never locked stays as it is. */
function moderation(method: "GET" | "PUT", action: "lock" | "suspend"): Flow {
  return asThrowaway(async (client, _account, context) => {
    const { administrator } = context.options;
    if (administrator === undefined) throw new NotOffered("needs an administrator (--administrator)");
    const login = await context.homeserver.post(`${v3}/login`, {
      type: "m.login.password",
      identifier: { type: "m.id.user", user: administrator.user },
      password: administrator.password,
    });
    const token = await neededString(Promise.resolve(login), "access_token");
    const url = path`/_matrix/client/v1/admin/${action}/${client.userId}`;
    const body = action === "lock" ? { locked: false } : { suspended: false };
    const answer = await context.homeserver.send(method, url, { token, ...(method === "PUT" && { body }) });
    await context.homeserver.send("POST", `${v3}/logout`, { token });
    return isObject(answer.json);
  });
}
