import { spareDevice } from "../accounts.ts";
import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { stringMember } from "../json.ts";
import { newPassword } from "../sign-up.ts";
import { hasFlows } from "./challenge.ts";
import type { Send } from "./solver.ts";

/** One of the eight operations behind user-interactive auth, prepared so that nothing changes until auth is complete. */
export interface ProtectedOperation {
  readonly operationId: string;
  readonly token: "required" | "optional" | "none";
  /** Makes the request; `token` stands in for alice's own, null sends none. */
  prepare(context: Context, token?: string | null): Promise<Send>;
}

export const register: ProtectedOperation = {
  operationId: "register",
  token: "none",
  prepare: async ({ homeserver, random }) => {
    const body = { username: `contract-${random(10)}-nobody`, password: newPassword(random) };
    return (auth) => homeserver.post("/_matrix/client/v3/register", { ...body, ...(auth && { auth }) });
  },
};

export const changePassword = posted(
  "changePassword",
  "/_matrix/client/v3/account/password",
  "optional",
  ({ random }) => ({
    new_password: newPassword(random),
  }),
);

export const deactivateAccount = posted(
  "deactivateAccount",
  "/_matrix/client/v3/account/deactivate",
  "optional",
  () => ({}),
);

export const add3pid = posted("add3PID", "/_matrix/client/v3/account/3pid/add", "required", ({ random }) => ({
  sid: random(16),
  client_secret: random(16),
}));

export const deleteDevice: ProtectedOperation = {
  operationId: "deleteDevice",
  token: "required",
  prepare: async (context, token) => {
    const alice = await context.accounts.alice();
    const path = `/_matrix/client/v3/devices/${encodeURIComponent(await spareDevice(context, alice))}`;
    return (auth) =>
      context.homeserver.delete(path, auth ? { auth } : {}, { token: tokenOf(alice.accessToken, token) });
  },
};

const deleteDevices: ProtectedOperation = {
  operationId: "deleteDevices",
  token: "required",
  prepare: async (context, token) => {
    const alice = await context.accounts.alice();
    const body = { devices: [await spareDevice(context, alice)] };
    return (auth) =>
      context.homeserver.post(
        "/_matrix/client/v3/delete_devices",
        { ...body, ...(auth && { auth }) },
        { token: tokenOf(alice.accessToken, token) },
      );
  },
};

export const generateLoginToken = posted(
  "generateLoginToken",
  "/_matrix/client/v1/login/get_token",
  "required",
  () => ({}),
);

/**
 * The operations whose challenge can be asked for at any time. `uploadCrossSigningKeys` is not among them: its first
 * upload is exempt, so its own rules look at it.
 */
export const protectedOperations: readonly ProtectedOperation[] = [
  register,
  changePassword,
  deactivateAccount,
  add3pid,
  deleteDevice,
  deleteDevices,
  generateLoginToken,
];

/**
 * Whether the server does not have the operation, or refuses it for everybody or before it asks for authentication
 * (closed registration, get_token switched off, a validation session that it looks up first).
 */
export function isRefusedOutright(exchange: Exchange): boolean {
  if (hasFlows(exchange)) return false;
  const { status } = exchange;
  return (
    status === 403 ||
    status === 404 ||
    status === 405 ||
    (status === 400 && stringMember(exchange.json, "errcode") !== undefined)
  );
}

function posted(
  operationId: string,
  path: string,
  token: ProtectedOperation["token"],
  body: (context: Context) => object,
): ProtectedOperation {
  return {
    operationId,
    token,
    prepare: async (context, as) => {
      const content = body(context);
      const alice = as === undefined ? (await context.accounts.alice()).accessToken : undefined;
      return (auth) =>
        context.homeserver.post(path, { ...content, ...(auth && { auth }) }, { token: tokenOf(alice, as) });
    },
  };
}

function tokenOf(own: string | undefined, token: string | null | undefined): string | undefined {
  return token === undefined ? own : (token ?? undefined);
}
