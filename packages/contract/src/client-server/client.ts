import type { Account } from "../accounts.ts";
import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { RequestOptions } from "../http.ts";
import { stringMember } from "../json.ts";
import { Blocked, NotOffered } from "../outcome.ts";

type Options = Omit<RequestOptions, "token" | "body">;

/** A user's hands on the homeserver. Paths are below `/_matrix/client/v3` unless they begin with `/_matrix`. */
export interface Client {
  readonly userId: string;
  readonly deviceId: string;
  readonly token: string;
  get(path: string, query?: Readonly<Record<string, string>>): Promise<Exchange>;
  post(path: string, body?: unknown, options?: Options): Promise<Exchange>;
  put(path: string, body?: unknown, options?: Options): Promise<Exchange>;
  delete(path: string, options?: Options): Promise<Exchange>;
}

interface Access extends Pick<Account, "userId" | "deviceId"> {
  readonly accessToken: string;
}

/** Requests as this user; an account's token is read anew, since rules change it. */
export function clientOf({ homeserver }: Pick<Context, "homeserver">, account: Access): Client {
  const { userId, deviceId, accessToken: token } = account;
  const at = (url: string): string => (url.startsWith("/_matrix") ? url : `/_matrix/client/v3${url}`);
  return {
    userId,
    deviceId,
    token,
    get: (url, query = {}) => homeserver.get(at(url), { token, query }),
    post: (url, body = {}, options) => homeserver.post(at(url), body, { ...options, token }),
    put: (url, body = {}, options) => homeserver.put(at(url), body, { ...options, token }),
    delete: (url, options) => homeserver.send("DELETE", at(url), { ...options, token }),
  };
}

export async function aliceOf(context: Context): Promise<Client> {
  return clientOf(context, await context.accounts.alice());
}

export async function bobOf(context: Context): Promise<Client> {
  return clientOf(context, await context.accounts.bob());
}

export async function carolOf(context: Context): Promise<Client> {
  return clientOf(context, await context.accounts.carol());
}

/** A path with its variables encoded: room IDs, aliases and user IDs have characters that mean something in a URL. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value)));
}

/** A step towards a check that has to succeed, or the check cannot judge anything. */
export async function needed(sent: Promise<Exchange>): Promise<Exchange> {
  const answer = await sent;
  if (answer.status >= 200 && answer.status < 300) return answer;
  const { pathname } = new URL(answer.url);
  if (stringMember(answer.json, "errcode") === "M_UNRECOGNIZED")
    throw new NotOffered(`the server does not have ${answer.method} ${pathname.split("/").slice(0, 5).join("/")}`);
  throw new Blocked(answer, `${answer.method} ${pathname} had to succeed`);
}

/** A string that a successful answer has to carry. */
export async function neededString(sent: Promise<Exchange>, key: string): Promise<string> {
  const answer = await needed(sent);
  const value = stringMember(answer.json, key);
  if (value === undefined) throw new Blocked(answer, `the answer had to have a string \`${key}\``);
  return value;
}

export function isRefused({ status, json }: Exchange, wanted: number, ...errcodes: readonly string[]): boolean {
  return status === wanted && errcodes.includes(stringMember(json, "errcode") ?? "");
}

/** The name of the user's server, port included. */
export function serverOf({ userId }: Pick<Client, "userId">): string {
  return userId.slice(userId.indexOf(":") + 1);
}
