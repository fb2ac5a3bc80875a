import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";
import { createBrowser, startProvider } from "./fixtures/provider.ts";
import type { TestProvider } from "./fixtures/provider.ts";

let one: TestProvider;
let two: TestProvider;
let home: TestHomeserver;

const client = "https://chat.example.org/app/?keep=a%20b&loginToken=old#/login";
const stop = "https://chat.example.org";

beforeAll(async () => {
  [one, two] = [await startProvider("one"), await startProvider("two")];
  const sso = { providers: [one.configuration, two.configuration], trustedRedirectUrls: ["https://chat.example.org"] };
  home = await startHomeserver({ sso });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
  await two[Symbol.asyncDispose]();
});

const redirectPath = (redirectUrl: string, provider = "/one") =>
  `/_matrix/client/v3/login/sso/redirect${provider}?${String(new URLSearchParams({ redirectUrl }))}`;

async function logIn(person: object, browser = createBrowser(stop)): Promise<Session> {
  one.person = { ...person };
  const { url } = await browser(home.url + redirectPath(client));
  return (await redeem(url)).body;
}

const redeem = (url: string) =>
  home.call("POST", "/v3/login", {
    body: { type: "m.login.token", token: new URL(url).searchParams.get("loginToken") },
  });

describe("logging in", () => {
  test("the providers are offered", async () => {
    expect((await home.call("GET", "/v3/login")).body.flows).toContainEqual({
      type: "m.login.sso",
      identity_providers: [
        { id: "one", name: "The one", brand: "github" },
        { id: "two", name: "The two", brand: "github" },
      ],
    });
  });

  test("a trusted client gets a login token, beside what its URL had, and the account is there", async () => {
    one.person = { sub: "1", preferred_username: "Alice Ä", name: "Alice" };
    const { url } = await createBrowser(stop)(home.url + redirectPath(client));
    expect(url).toMatch(/^https:\/\/chat\.example\.org\/app\/\?keep=a%20b&loginToken=mlt_[\w-]+#\/login$/);
    const session = await redeem(url);
    expect(session.body.user_id).toBe("@alice=20=c3=a4:localhost");
    const profile = await home.call("GET", `/v3/profile/${encodeURIComponent(session.body.user_id)}`);
    expect(profile.body).toMatchObject({ displayname: "Alice" });
    expect((await redeem(url)).status).toBe(403);
  });

  test("the same person comes back to the same account, another one of the same name does not", async () => {
    const first = await logIn({ sub: "2", preferred_username: "bob" });
    expect(first.user_id).toBe("@bob:localhost");
    expect((await logIn({ sub: "2", preferred_username: "renamed" })).user_id).toBe("@bob:localhost");
    expect((await logIn({ id: 3, login: "bob" })).user_id).toBe("@bob2:localhost");
    await home.register("carol");
    expect((await logIn({ sub: "4", preferred_username: "carol" })).user_id).toBe("@carol2:localhost");
  });

  test("a client that nobody trusts gets nothing before the user agrees", async () => {
    one.person = { sub: "5", preferred_username: "dave" };
    for (const target of ["https://chat.example.org.evil.com/", "https://chat.example.org@evil.com/", "app:/cb"]) {
      const page = await createBrowser("nowhere")(home.url + redirectPath(target));
      expect(page).toMatchObject({ status: 200, text: expect.stringContaining("@dave:localhost") });
      const link = /<a href="([^"]+)"/.exec(page.text)?.[1] ?? "";
      expect(link.startsWith(target)).toBe(true);
      expect((await redeem(link)).status).toBe(200);
    }
  });

  test("what is no URL to go to is refused", async () => {
    for (const target of ["javascript:alert(1)", "data:text/html,x", "no url"]) {
      const answer = await home.call("GET", redirectPath(target).replace("/_matrix/client", ""));
      expect(answer).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
    }
  });

  test("without a choice there is a page to choose on; an unknown provider is not found", async () => {
    const page = await createBrowser(stop)(home.url + redirectPath(client, ""));
    expect(page.status).toBe(200);
    two.person = { sub: "1", preferred_username: "erin" };
    const link = /<a href="(redirect\/two[^"]+)"/.exec(page.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const { url } = await createBrowser(stop)(new URL(link, page.url).href);
    expect((await redeem(url)).body.user_id).toBe("@erin:localhost");
    const unknown = redirectPath(client, "/three").replace("/_matrix/client", "");
    expect(await home.call("GET", unknown)).toMatchObject({ status: 404, body: { errcode: "M_NOT_FOUND" } });
  });

  test("nobody finishes what another browser has begun, nothing is finished twice, and not after a while", async () => {
    one.person = { sub: "6", preferred_username: "frank" };
    const begun = async () => {
      const answer = await home.call("GET", redirectPath(client).replace("/_matrix/client", ""));
      const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
      const atProvider = await fetch(answer.headers.get("location") ?? "", { redirect: "manual" });
      return { callback: atProvider.headers.get("location") ?? "", cookie };
    };
    const visit = (url: string, cookie: string) => fetch(url, { redirect: "manual", headers: { cookie } });
    const first = await begun();
    expect(await visit(first.callback, "")).toMatchObject({ status: 400 });
    expect(await visit(first.callback, (await begun()).cookie)).toMatchObject({ status: 400 });
    expect(await visit(first.callback, first.cookie)).toMatchObject({ status: 302 });
    expect(await visit(first.callback, first.cookie)).toMatchObject({ status: 400 });
    const late = await begun();
    home.clock.advance(15 * 60_000);
    expect(await visit(late.callback, late.cookie)).toMatchObject({ status: 400 });
  });

  test("a provider that does not say who it is lets nobody in", async () => {
    one.person = { name: "Nobody" };
    expect(await createBrowser(stop)(home.url + redirectPath(client))).toMatchObject({ status: 502 });
  });
});

describe("confirming an operation", () => {
  const start = async (session: Session) => {
    const token = session.access_token;
    const other = await logIn({ sub: "7", preferred_username: "grace" });
    const path = `/v3/devices/${other.device_id}`;
    const challenge = await home.call("DELETE", path, { body: {}, token });
    const finish = (auth = {}) =>
      home.call("DELETE", path, { body: { auth: { ...auth, session: challenge.body.session } }, token });
    const page = `${home.url}/_matrix/client/v3/auth/m.login.sso/fallback/web?session=${challenge.body.session}`;
    return { challenge, finish, page };
  };

  test("who came by single sign-on confirms by it", async () => {
    const session = await logIn({ sub: "7", preferred_username: "grace" });
    const { challenge, finish, page } = await start(session);
    expect(challenge.body.flows).toEqual([{ stages: ["m.login.sso"] }]);
    const browser = createBrowser(stop);
    const shown = await browser(page);
    const link = /<a href="([^"]+)"/.exec(shown.text)?.[1] ?? "";
    expect((await finish()).status).toBe(401);
    expect(await browser(new URL(link, page).href)).toMatchObject({
      status: 200,
      text: expect.stringContaining("onAuthDone"),
    });
    expect((await finish()).status).toBe(200);
  });

  test("another person does not, and neither does a request or a form", async () => {
    const session = await logIn({ sub: "7", preferred_username: "grace" });
    const { challenge, finish, page } = await start(session);
    const browser = createBrowser(stop);
    const link = /<a href="([^"]+)"/.exec((await browser(page)).text)?.[1] ?? "";
    one.person = { sub: "2", preferred_username: "bob" };
    expect((await browser(new URL(link, page).href)).status).toBe(403);
    one.person = { sub: "new", preferred_username: "new" };
    expect((await browser(new URL(link, page).href)).status).toBe(403);
    await fetch(page, { method: "POST", body: new URLSearchParams({ session: challenge.body.session }) });
    expect((await finish({ type: "m.login.sso" })).status).not.toBe(200);
    expect((await finish()).status).toBe(401);
  });
});
