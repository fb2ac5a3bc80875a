// Rules about sending something exactly once: https://spec.matrix.org/v1.19/client-server-api/#transaction-identifiers

import { logIn } from "../accounts.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { aliceOf, clientOf, needed, neededString, path } from "./client.ts";
import { allPages, createRoom, send, sharedRoom } from "./room.ts";

const message = { msgtype: "m.text", body: "once" };

export const transactionIsDoneOnce: Rule = {
  id: "cs-7",
  title: "The same transaction ID gives the same event",
  level: "must",
  specUrl: clientServerSpec("transaction-identifiers"),
  reason: "A client whose connection broke before the answer came sends again, and must not say things twice.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const first = await neededString(send(alice, room, "m.room.message", message, "cs-7"), "event_id");
    const again = await send(alice, room, "m.room.message", message, "cs-7");
    if (stringMember(again.json, "event_id") !== first) return fail(again, `200 with ${first} again`);
    const events = await eventsIn(alice, room);
    return events.length === 1 ? pass() : fail(again, "one event in the room", `${events.length} events`);
  },
};

export const concurrentTransactionIsDoneOnce: Rule = {
  id: "cs-8",
  title: "Twenty requests at once with the same transaction ID give one event",
  level: "derived",
  specUrl: clientServerSpec("transaction-identifiers"),
  reason: "The second attempt often arrives while the first is still under way.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(alice, room, "m.room.message", message, "cs-8")),
    );
    const first = answers[0];
    const wrong = answers.find(({ status }) => status !== 200);
    if (wrong !== undefined) return fail(wrong, "200 for each of twenty duplicates");
    const other = answers.find(({ json }) => stringMember(json, "event_id") !== stringMember(first?.json, "event_id"));
    if (other !== undefined) return fail(other, `the event of the others, ${stringMember(first?.json, "event_id")}`);
    const events = await eventsIn(alice, room);
    return events.length === 1 ? pass() : fail(null, "one event in the room", `${events.length} events`);
  },
};

export const transactionsAreTheDevices: Rule = {
  id: "cs-9",
  title: "Another device's transaction of the same ID is another transaction",
  level: "must",
  specUrl: clientServerSpec("transaction-identifiers"),
  reason: "Devices choose their IDs apart from each other; one must not swallow the other's message (since v1.7).",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const account = await context.accounts.alice();
    const alice = clientOf(context, account);
    const other = clientOf(context, await logIn(context, account));
    const room = await createRoom(alice);
    const first = await neededString(send(alice, room, "m.room.message", message, "cs-9"), "event_id");
    const second = await send(other, room, "m.room.message", message, "cs-9");
    await other.post("/logout");
    if (second.status !== 200 || stringMember(second.json, "event_id") === first)
      return fail(second, "200 with another event for another device");
    return pass();
  },
};

export const transactionIdIsShownToSender: Rule = {
  id: "cs-10",
  title: "`unsigned.transaction_id` is shown to the device that sent the event, and to nobody else",
  level: "derived",
  specUrl: clientServerSpec("definition-clientevent"),
  reason: "By it a client knows the event that it has shown already; another user's client would take it for its own.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const event = await neededString(send(alice, room, "m.room.message", message, "cs-10"), "event_id");
    const own = await needed(alice.get(path`/rooms/${room}/event/${event}`));
    if (stringMember(member(own.json, "unsigned"), "transaction_id") !== "cs-10")
      return fail(own, "`unsigned.transaction_id` for the sending device");
    const others = await needed(bob.get(path`/rooms/${room}/event/${event}`));
    if (member(member(others.json, "unsigned"), "transaction_id") !== undefined)
      return fail(others, "no `transaction_id` for another user");
    return pass();
  },
};

async function eventsIn(client: Client, room: string): Promise<readonly string[]> {
  const filter = JSON.stringify({ types: ["m.room.message"] });
  const ask = (from: string | undefined) =>
    client.get(path`/rooms/${room}/messages`, { dir: "b", limit: "50", filter, ...(from !== undefined && { from }) });
  return (await allPages(ask, { items: "chunk", next: "end" })).ids;
}
