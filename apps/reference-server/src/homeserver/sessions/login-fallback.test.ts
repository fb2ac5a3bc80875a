import { createHash } from "node:crypto";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { password, startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";

let home: TestHomeserver;
let page: Response;
let script: string;

beforeAll(async () => {
  home = await startHomeserver();
  await home.register("alice");
  page = await fetch(`${home.url}/_matrix/static/client/login/?device_id=%3Cb%3EPHONE`);
  script = /<script>(.*)<\/script>/s.exec(await page.text())?.[1] ?? "";
});

afterAll(() => home[Symbol.asyncDispose]());

/** Fills the form in and submits it, with no more of a browser than the script asks for. */
async function submit(user: string, given: string) {
  const listeners: Listener[] = [];
  const form = { addEventListener: (_type: string, listener: Listener) => listeners.push(listener) };
  const message = { textContent: "" };
  const logins: Session[] = [];
  runInNewContext(script, {
    document: { querySelector: (selector: string) => (selector === "form" ? form : message) },
    window: { matrixLogin: { onLogin: (session: Session) => logins.push(session) } },
    location: new URL(page.url),
    URLSearchParams,
    FormData: class extends Map<string, string> {
      constructor() {
        super([
          ["user", user],
          ["password", given],
        ]);
      }
    },
    fetch: (path: string, init: RequestInit) => fetch(new URL(path, page.url), init),
  });
  await listeners[0]?.({ preventDefault: () => undefined });
  return { logins, message: message.textContent };
}

type Listener = (event: { preventDefault(): void }) => unknown;

test("it hands the answer of the login to window.matrixLogin.onLogin, for the device that the client wants", async () => {
  const { logins, message } = await submit("alice", password);
  expect(message).toBe("");
  expect(logins).toEqual([expect.objectContaining({ user_id: "@alice:localhost", device_id: "<b>PHONE" })]);
  const owner = await home.call("GET", "/v3/account/whoami", { token: logins[0]?.access_token ?? "" });
  expect(owner.status).toBe(200);
});

test("it shows what the server says otherwise", async () => {
  expect(await submit("alice", "wrong")).toEqual({ logins: [], message: "The user name or the password is wrong." });
});

test("its policy lets it run this script, talk to its own server, and nothing else", () => {
  const policy = page.headers.get("content-security-policy");
  const hash = createHash("sha256").update(script).digest("base64");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src 'sha256-${hash}'`);
  expect(policy).toContain("connect-src 'self'");
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
});
