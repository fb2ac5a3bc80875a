// Rules about what the server keeps for a user: https://spec.matrix.org/v1.19/client-server-api/#client-config

import { sameJson } from "../canonical-json.ts";
import type { Exchange } from "../exchange.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, bobOf, isRefused, needed, path } from "./client.ts";
import { eventually } from "./eventually.ts";
import { createRoom, sharedRoom } from "./room.ts";
import { getState } from "./state.ts";
import { accountDataOf, syncOf } from "./synced.ts";

export const accountDataIsKept: Rule = {
  id: "cs-56",
  title: "Account data is kept for its user, told to the devices, and shown to nobody else",
  level: "must",
  specUrl: clientServerSpec("client-config"),
  reason: "Settings follow a person from device to device.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const type = `org.contract.${context.random(8)}`;
    const url = path`/user/${alice.userId}/account_data/${type}`;
    const missing = await alice.get(url);
    if (!isRefused(missing, 404, "M_NOT_FOUND")) return fail(missing, "404 M_NOT_FOUND before it is set");
    const { next } = await syncOf(alice);
    const content = { dark: true, nested: { list: [1, "two", { three: false }] } };
    await needed(alice.put(url, content));
    const answer = await alice.get(url);
    if (answer.status !== 200 || !sameJson(answer.json, content)) return fail(answer, "200 with what was set");
    const told = await syncOf(alice, { since: next });
    if (!sameJson(accountDataOf(told, type) ?? null, content)) return fail(told.answer, `${type} in the next sync`);
    const others = await bob.get(url);
    return others.status === 403 ? pass() : fail(others, "403 M_FORBIDDEN for another user");
  },
};

export const serverKeepsItsOwnData: Rule = {
  id: "cs-57",
  title: "What has operations of its own is not set as account data",
  level: "must",
  specUrl: clientServerSpec("server-behaviour-12"),
  reason: "m.fully_read and m.push_rules have rules of their own, which this would go around.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    for (const url of [
      path`/user/${alice.userId}/account_data/m.push_rules`,
      path`/user/${alice.userId}/rooms/${room}/account_data/m.fully_read`,
    ]) {
      const answer = await alice.put(url, { event_id: "$event" });
      if (!isRefused(answer, 405, "M_BAD_JSON")) return fail(answer, "405 M_BAD_JSON");
    }
    return pass();
  },
};

export const tagsAreKept: Rule = {
  id: "cs-58",
  title: "A room's tags are set, listed and deleted, each for its user alone",
  level: "must",
  specUrl: clientServerSpec("room-tagging"),
  reason: "Favourites are sorted by them.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const tags = path`/user/${alice.userId}/rooms/${room}/tags`;
    await needed(alice.put(`${tags}/m.favourite`, { order: 0.25 }));
    const listed = await alice.get(tags);
    if (member(member(member(listed.json, "tags"), "m.favourite"), "order") !== 0.25)
      return fail(listed, "200 with m.favourite and its order");
    const others = await needed(bob.get(path`/user/${bob.userId}/rooms/${room}/tags`));
    if (member(member(others.json, "tags"), "m.favourite") !== undefined)
      return fail(others, "no tag that another user has set");
    await needed(alice.delete(`${tags}/m.favourite`));
    const after = await needed(alice.get(tags));
    if (member(member(after.json, "tags"), "m.favourite") !== undefined) return fail(after, "no tag that was deleted");
    return pass();
  },
};

export const profileIsPublic: Rule = {
  id: "cs-59",
  title: "A name is set by its user, shown to others, and in the rooms",
  level: "must",
  specUrl: clientServerSpec("profiles"),
  reason: "It is by their names that people know each other.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const displayname = `Contract ${context.random(6)}`;
    const url = path`/profile/${alice.userId}/displayname`;
    await needed(alice.put(url, { displayname }));
    const shown = await bob.get(path`/profile/${alice.userId}`);
    if (shown.status !== 200 || stringMember(shown.json, "displayname") !== displayname)
      return fail(shown, "200 with the name that was set");
    const isNamed = ({ json }: Exchange) => stringMember(json, "displayname") === displayname;
    const member_ = await eventually(context, () => getState(bob, room, "m.room.member", alice.userId), isNamed);
    if (!isNamed(member_)) return fail(member_, "the name in the user's membership of the room");
    const forged = await bob.put(url, { displayname: "Mallory" });
    if (forged.status < 400) return fail(forged, "a refusal of setting another user's name");
    return pass();
  },
};

export const presenceIsKept: Rule = {
  id: "cs-60",
  title: "Presence is set by its user, and seen by those who share a room",
  level: "must",
  specUrl: clientServerSpec("presence"),
  reason: "It says whether a message will be read now.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob } = await sharedRoom(context);
    const url = path`/presence/${alice.userId}/status`;
    await needed(alice.put(url, { presence: "unavailable", status_msg: "at lunch" }));
    const shown = await bob.get(url);
    if (shown.status !== 200 || stringMember(shown.json, "status_msg") !== "at lunch")
      return fail(shown, "200 with the status that was set");
    const forged = await bob.put(url, { presence: "online" });
    return forged.status >= 400 ? pass() : fail(forged, "a refusal of setting another user's presence");
  },
};

export const defaultPushRulesAreThere: Rule = {
  id: "cs-61",
  title: "A new account has the predefined push rules",
  level: "must",
  specUrl: clientServerSpec("predefined-rules"),
  reason: "Nobody would be told of anything without them.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const answer = await needed((await aliceOf(context)).get("/pushrules/"));
    const missing = predefined.find((id) => !answer.text.includes(`"${id}"`));
    if (missing !== undefined) return fail(answer, `${missing} among the rules`, "no such rule");
    const master = await (await aliceOf(context)).get("/pushrules/global/override/.m.rule.master");
    if (member(master.json, "enabled") !== false) return fail(master, ".m.rule.master switched off at first");
    return pass();
  },
};

const predefined = [
  ".m.rule.master",
  ".m.rule.suppress_notices",
  ".m.rule.invite_for_me",
  ".m.rule.member_event",
  ".m.rule.is_user_mention",
  ".m.rule.is_room_mention",
  ".m.rule.tombstone",
  ".m.rule.call",
  ".m.rule.room_one_to_one",
  ".m.rule.message",
  ".m.rule.encrypted",
];

export const pushRulesAreKept: Rule = {
  id: "cs-62",
  title: "A push rule is set, switched off, and deleted, and a predefined one stays",
  level: "must",
  specUrl: clientServerSpec("push-rules-api"),
  reason: "They decide about what wakes a person at night.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const url = `/pushrules/global/content/org.contract.${context.random(8)}`;
    await needed(alice.put(url, { pattern: "cake", actions: ["notify"] }));
    const set = await alice.get(url);
    if (stringMember(set.json, "pattern") !== "cake" || member(set.json, "enabled") !== true)
      return fail(set, "200 with the rule that was set, switched on");
    await needed(alice.put(`${url}/enabled`, { enabled: false }));
    const off = await alice.get(`${url}/enabled`);
    if (member(off.json, "enabled") !== false) return fail(off, "200 with `enabled` false");
    await needed(alice.delete(url));
    const gone = await alice.get(url);
    if (!isRefused(gone, 404, "M_NOT_FOUND")) return fail(gone, "404 M_NOT_FOUND once it is deleted");
    const kept = await alice.delete("/pushrules/global/override/.m.rule.master");
    return kept.status >= 400 ? pass() : fail(kept, "a refusal to delete a predefined rule");
  },
};
