import { randomUUID } from "node:crypto";
import type { Answer, Call, Handler, Json } from "./answers.ts";
import { error } from "./answers.ts";

export interface User {
  readonly id: string;
  password: string;
  readonly threepids: { readonly medium: string; readonly address: string }[];
  /** Access tokens by device. */
  readonly devices: Map<string, string>;
  masterKey: string | null;
}

export interface LoggedIn {
  readonly user: User;
  readonly device: string;
}

export type Users = ReturnType<typeof createUsers>;

/** Who is registered, and who is logged in with which token. */
export function createUsers() {
  const users = new Map<string, User>();
  const tokens = new Map<string, LoggedIn>();
  let count = 0;

  const add = (name: string, password: string): User => {
    const user: User = { id: `@${name}:test`, password, threepids: [], devices: new Map(), masterKey: null };
    users.set(name, user);
    return user;
  };
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
  const callerOf = ({ bearer }: Call): LoggedIn | undefined => tokens.get(bearer ?? "");
  /** A handler for those who are logged in. */
  const loggedIn =
    (handle: (call: Call, caller: LoggedIn) => Answer): Handler =>
    (call) => {
      const caller = callerOf(call);
      if (caller !== undefined) return handle(call, caller);
      return error(401, call.bearer === undefined ? "M_MISSING_TOKEN" : "M_UNKNOWN_TOKEN");
    };

  return {
    add,
    isTaken: (name: string) => users.has(name),
    freshName: (kind: string) => `${kind}${++count}`,
    identified,
    logIn,
    logOut,
    callerOf,
    loggedIn,
  };
}
