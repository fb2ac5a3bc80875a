import { afterAll, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import { identityAccount } from "../../threepids/fixtures/identity.ts";
import { linkTo } from "../../threepids/fixtures/messages.ts";
import { currentState } from "../state.ts";
import { person } from "../fixtures/person.ts";
import type { Person } from "../fixtures/person.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];
const identity = await identityAccount(home, alice.session);

afterAll(() => home[Symbol.asyncDispose]());

const inviteOf = (address: string, id_server = identity.idServer) => ({
  medium: "email",
  address,
  id_server,
  id_access_token: identity.token,
});

/** At the identity server, in the user's own name. */
async function bind(who: Person, email: string): Promise<void> {
  const account = await identityAccount(home, who.session);
  const { sid, client_secret } = await account.validate(email);
  const bound = await account.call("POST", "/3pid/bind", { sid, client_secret, mxid: who.id });
  if (bound.status !== 200) throw new Error(`not bound: ${bound.text}`);
}

/** What a client makes of the link in the mail. */
async function signWithMail(who: Person, email: string) {
  const link = await linkTo(home, email);
  const { searchParams } = new URL(new URLSearchParams(link.split("?")[1]).get("signurl") ?? "");
  const account = await identityAccount(home, who.session);
  const [token, private_key] = [searchParams.get("token"), searchParams.get("private_key")];
  return (await account.call("POST", "/sign-ed25519", { mxid: who.id, token, private_key })).body;
}

test("an address that belongs to a user is an invitation of that user", async () => {
  await bind(bob, "bob@example.com");
  const room = await alice.createRoom();
  expect((await alice.inRoom(room, "POST", "/invite", inviteOf("Bob@Example.com"))).status).toBe(200);
  expect((await alice.stateOf(room, "m.room.member", bob.id))?.["membership"]).toBe("invite");
  const created = await alice.createRoom({ invite_3pid: [inviteOf("bob@example.com")], is_direct: true });
  expect(await alice.stateOf(created, "m.room.member", bob.id)).toMatchObject({
    membership: "invite",
    is_direct: true,
  });
});

test("an address that is nobody's becomes an invitation when somebody binds it", async () => {
  const carol = await person(home, "carol");
  const room = await alice.createRoom({ name: "Garden", invite_3pid: [inviteOf("carol@example.com")] });
  const [kept] = await currentState(home.db, room, { type: "m.room.third_party_invite" });
  expect(kept?.content).toMatchObject({
    display_name: expect.any(String) as string,
    public_key: expect.any(String) as string,
    key_validity_url: expect.stringContaining("/isvalid") as string,
  });
  expect(JSON.stringify(kept?.content)).not.toContain("carol@example.com");
  await bind(carol, "carol@example.com");
  await expect.poll(() => alice.stateOf(room, "m.room.member", carol.id)).toMatchObject({ membership: "invite" });
  expect((await carol.join(room)).status).toBe(200);
});

test("who has the key of the mail joins with what it has signed", async () => {
  const dora = await person(home, "dora");
  const room = await alice.createRoom();
  await alice.inRoom(room, "POST", "/invite", inviteOf("dora@example.com"));
  const signed = await signWithMail(dora, "dora@example.com");
  const stolen = await bob.join(room, { third_party_signed: { ...signed, mxid: bob.id } });
  expect(stolen).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  expect((await dora.join(room, { third_party_signed: signed })).status).toBe(200);
  expect((await alice.stateOf(room, "m.room.member", dora.id))?.["membership"]).toBe("join");
});

test("an invitation that the room has lifted counts for nothing", async () => {
  const fay = await person(home, "fay");
  const room = await alice.createRoom({ invite_3pid: [inviteOf("fay@example.com")] });
  const [kept] = await currentState(home.db, room, { type: "m.room.third_party_invite" });
  await alice.setState(room, "m.room.third_party_invite", {}, kept?.stateKey ?? "");
  const signed = await signWithMail(fay, "fay@example.com");
  const joined = await fay.join(room, { third_party_signed: signed });
  expect(joined).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
});

test("nobody but the inviter's room and power make an invitation", async () => {
  const room = await alice.createRoom({ power_level_content_override: { invite: 50 }, invite: [bob.id] });
  const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
  expect(await bob.inRoom(room, "POST", "/invite", inviteOf("x@example.com"))).toMatchObject(forbidden);
  await bob.join(room);
  expect(await bob.inRoom(room, "POST", "/invite", inviteOf("x@example.com"))).toMatchObject(forbidden);
  const untrusted = inviteOf("x@example.com", "elsewhere.example");
  expect(await alice.inRoom(room, "POST", "/invite", untrusted)).toMatchObject({
    status: expect.toBeOneOf([400, 403]) as number,
  });
  expect((await alice.inRoom(room, "POST", "/invite", inviteOf("nonsense"))).status).toBe(400);
});

test("forged news of a bound address make no invitation", async () => {
  const room = await alice.createRoom({ invite_3pid: [inviteOf("ernie@example.com")] });
  const [kept] = await currentState(home.db, room, { type: "m.room.third_party_invite" });
  const signed = { mxid: bob.id, token: kept?.stateKey, signatures: { x: { "ed25519:0": "AAAA" } } };
  for (const method of ["POST", "PUT"]) {
    const body = JSON.stringify({ mxid: bob.id, invites: [{ room_id: room, signed }] });
    const answer = await fetch(`${home.url}/_matrix/federation/v1/3pid/onbind`, { method, body });
    expect(answer.status).toBe(200);
  }
  expect(await alice.stateOf(room, "m.room.member", bob.id)).toBeUndefined();
});

test("an address keeps a room from being refused because nobody else can be invited", async () => {
  const stranger = "@erin:elsewhere.example";
  const body = { invite: [stranger], invite_3pid: [inviteOf("nobodys@example.com")] };
  const room = await alice.createRoom(body);
  expect(await currentState(home.db, room, { type: "m.room.third_party_invite" })).toHaveLength(1);
  expect(await alice.stateOf(room, "m.room.member", stranger)).toBe(undefined);
});
