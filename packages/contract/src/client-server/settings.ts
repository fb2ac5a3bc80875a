// Rules about what people set for themselves: https://spec.matrix.org/v1.19/client-server-api/#profiles

import { sameJson } from "../canonical-json.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { speaks } from "../versions.ts";
import { aliceOf, bobOf, isRefused, needed, path } from "./client.ts";
import { createRoom, idsIn, objectsIn } from "./room.ts";
import { accountDataOf, roomIn, syncOf } from "./synced.ts";

export const profileFieldsAreKept: Rule = {
  id: "cs-140",
  title: "A profile keeps fields of any name, and loses them when they are deleted",
  level: "must",
  specUrl: clientServerSpec("put_matrixclientv3profileuseridkeyname"),
  reason: "Clients agree on what people tell about themselves, be it a time zone or pronouns (since v1.16).",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    if (!speaks(context.versions, 16)) return skip("the server does not speak v1.16");
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const url = path`/profile/${alice.userId}/org.contract.field`;
    const value = { nested: ["a", 1, true] };
    await needed(alice.put(url, { "org.contract.field": value }));
    for (const asked of [url, path`/profile/${alice.userId}`]) {
      const shown = await bob.get(asked);
      if (!sameJson(member(shown.json, "org.contract.field") ?? null, value))
        return fail(shown, "200 with `org.contract.field` as it was set");
    }
    await needed(alice.delete(url));
    const gone = await bob.get(url);
    return isRefused(gone, 404, "M_NOT_FOUND") ? pass() : fail(gone, "404 M_NOT_FOUND once it was deleted");
  },
};

export const pushRulesAreOrdered: Rule = {
  id: "cs-141",
  title: "A push rule is put before or after another, and the devices are told of it",
  level: "must",
  specUrl: clientServerSpec("put_matrixclientv3pushrulesglobalkindruleid"),
  reason: "The first rule that matches decides.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const [first, second, third] = ["a", "b", "c"].map((letter) => `org.contract.${letter}.${context.random(6)}`);
    if (first === undefined || second === undefined || third === undefined) throw new Error("three names");
    const url = (id: string) => path`/pushrules/global/underride/${id}`;
    const rule = { conditions: [], actions: ["notify"] };
    const { next } = await syncOf(alice);
    await needed(alice.put(url(second), rule));
    await needed(alice.put(url(first), rule, { query: { before: second } }));
    await needed(alice.put(url(third), rule, { query: { after: second } }));
    const listed = await needed(alice.get("/pushrules/global/"));
    const told = await syncOf(alice, { since: next });
    for (const id of [first, second, third]) await alice.delete(url(id));
    const ids = idsIn(listed.json, "underride", "rule_id").filter((id) => [first, second, third].includes(id));
    if (ids.join() !== [first, second, third].join())
      return fail(listed, `${first}, ${second}, ${third} in this order`, ids.join(", "));
    const inSync = idsIn(member(accountDataOf(told, "m.push_rules"), "global"), "underride", "rule_id");
    return inSync.includes(first) ? pass() : fail(told.answer, `m.push_rules with ${first} in the next sync`);
  },
};

export const roomDataIsTold: Rule = {
  id: "cs-142",
  title: "What a user keeps for a room, tags too, is told to the devices with the room",
  level: "must",
  specUrl: clientServerSpec("client-config"),
  reason: "A room that was made a favourite at the desk is one on the telephone.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const { next } = await syncOf(alice);
    const base = path`/user/${alice.userId}/rooms/${room}`;
    await needed(alice.put(`${base}/account_data/org.contract.note`, { colour: "green" }));
    await needed(alice.put(`${base}/tags/m.favourite`, { order: 0.5 }));
    const synced = await syncOf(alice, { since: next });
    const events = objectsIn(member(roomIn(synced, "join", room), "account_data"), "events");
    const contentOf = (type: string) => events.find((event) => event["type"] === type)?.["content"];
    if (stringMember(contentOf("org.contract.note"), "colour") !== "green")
      return fail(synced.answer, "org.contract.note in the room's `account_data`");
    return member(member(contentOf("m.tag"), "tags"), "m.favourite") === undefined
      ? fail(synced.answer, "m.tag with m.favourite in the room's `account_data`")
      : pass();
  },
};
