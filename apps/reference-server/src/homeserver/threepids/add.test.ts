import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";
import { addEmail, codeTo, linkTo, open, validateEmail } from "./fixtures/messages.ts";

let home: TestHomeserver;
let alice: Session;
let bob: Session;

beforeAll(async () => {
  home = await startHomeserver();
  alice = await home.register("alice");
  bob = await home.register("bob");
});

afterAll(() => home[Symbol.asyncDispose]());

const add = (body: object, token = alice.access_token, user = "alice") =>
  home.authenticated("POST", "/v3/account/3pid/add", passwordOf(user), { token, body });

const list = async (token: string) => (await home.call("GET", "/v3/account/3pid", { token })).body.threepids;

test("an address that was validated here is added in its canonical form, and its validation used up", async () => {
  const credentials = await validateEmail(home, "account/3pid", "Alice@Example.org");
  expect(await add(credentials)).toMatchObject({ status: 200, body: {} });
  const now = home.clock.now();
  const added = { medium: "email", address: "alice@example.org", validated_at: now, added_at: now };
  expect(await list(alice.access_token)).toEqual([added]);
  expect(await add(credentials)).toMatchObject({ status: 403, body: { errcode: "M_THREEPID_AUTH_FAILED" } });
});

test("a phone number is added by its code", async () => {
  const client_secret = "phone";
  const body = { client_secret, country: "GB", phone_number: "07700 900123", send_attempt: 1 };
  const { sid, submit_url } = (await home.call("POST", "/v3/account/3pid/msisdn/requestToken", { body })).body;
  const token = await codeTo(home, "447700900123");
  const submitted = await fetch(submit_url, { method: "POST", body: JSON.stringify({ sid, client_secret, token }) });
  expect(await submitted.json()).toEqual({ success: true });
  expect((await add({ sid, client_secret })).status).toBe(200);
  expect(await list(alice.access_token)).toContainEqual(
    expect.objectContaining({ medium: "msisdn", address: "447700900123" }),
  );
});

test("rule 1: the password is asked for whatever the validation is worth", async () => {
  const body = { sid: "unknown", client_secret: "none" };
  const asked = await home.call("POST", "/v3/account/3pid/add", { body, token: alice.access_token });
  expect(asked).toMatchObject({ status: 401, body: { flows: [{ stages: ["m.login.password"] }] } });
});

describe("nothing is added by a session", () => {
  const failed = { status: 403, body: { errcode: "M_THREEPID_AUTH_FAILED" } };

  test("that nobody knows", async () => {
    expect(await add({ sid: "unknown", client_secret: "none" })).toMatchObject(failed);
  });

  test("of another secret", async () => {
    const { sid } = await validateEmail(home, "account/3pid", "secret@example.org");
    expect(await add({ sid, client_secret: "other" })).toMatchObject(failed);
  });

  test("that is not validated, until it is: the authentication stays good", async () => {
    const email = "late@example.org";
    const request = { client_secret: "late", email, send_attempt: 1 };
    const { sid } = (await home.call("POST", "/v3/account/3pid/email/requestToken", { body: request })).body;
    const body = { sid, client_secret: "late" };
    const token = alice.access_token;
    const { session } = (await home.call("POST", "/v3/account/3pid/add", { body, token })).body;
    const auth = { ...passwordOf("alice"), session };
    expect(await home.call("POST", "/v3/account/3pid/add", { body: { ...body, auth }, token })).toMatchObject(failed);
    await open(await linkTo(home, email));
    const again = await home.call("POST", "/v3/account/3pid/add", { body: { ...body, auth: { session } }, token });
    expect(again.status).toBe(200);
  });

  test("of another purpose", async () => {
    expect(await add(await validateEmail(home, "register", "new@example.org"))).toMatchObject(failed);
  });

  test("that has expired", async () => {
    const credentials = await validateEmail(home, "account/3pid", "old@example.org");
    home.clock.advance(24 * 3600 * 1000 + 1);
    const fresh = (await home.login("alice")).body;
    alice = { ...alice, access_token: fresh.access_token };
    expect(await add(credentials)).toMatchObject(failed);
  });
});

test("an address is on one account at most, whoever is first", async () => {
  const first = await validateEmail(home, "account/3pid", "shared@example.org");
  const second = await validateEmail(home, "account/3pid", "Shared@example.org");
  bob = (await home.login("bob")).body;
  expect((await add(first, bob.access_token, "bob")).status).toBe(200);
  expect(await add(second)).toMatchObject({ status: 400, body: { errcode: "M_THREEPID_IN_USE" } });
});

test("rules 25 and 26: logging in by an address works from then on, by an unknown one it is forbidden", async () => {
  await addEmail(home, alice.access_token, "alice", "login@example.org");
  const by = (address: string) =>
    home.login("alice", { identifier: { type: "m.id.thirdparty", medium: "email", address } });
  expect(await by("LOGIN@example.org")).toMatchObject({ status: 200, body: { user_id: "@alice:localhost" } });
  expect(await by("nobody@example.org")).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
});

test("delete takes an address off the account, and once more does no harm", async () => {
  await addEmail(home, alice.access_token, "alice", "gone@example.org");
  const remove = () =>
    home.call("POST", "/v3/account/3pid/delete", {
      token: alice.access_token,
      body: { medium: "email", address: "Gone@example.org" },
    });
  const noSupport = { status: 200, body: { id_server_unbind_result: "no-support" } };
  expect(await remove()).toMatchObject(noSupport);
  expect(await list(alice.access_token)).not.toContainEqual(expect.objectContaining({ address: "gone@example.org" }));
  expect(await remove()).toMatchObject(noSupport);
});
