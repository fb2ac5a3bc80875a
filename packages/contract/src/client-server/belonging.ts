// Rules about what an event, a room or a person belongs to: https://spec.matrix.org/v1.19/client-server-api/#forming-relationships-between-events

import type { Exchange } from "../exchange.ts";
import { member } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, bobOf, isRefused, needed, path, serverOf } from "./client.ts";
import { eventually } from "./eventually.ts";
import { createRoom, idsIn, say, send, sharedRoom } from "./room.ts";
import { setState } from "./state.ts";

export const reactionsAreGivenOnce: Rule = {
  id: "cs-132",
  title: "The same reaction to an event is taken once, and again after it was redacted",
  level: "should",
  specUrl: clientServerSpec("avoiding-duplicate-annotations"),
  reason: "Reactions are counted, and one person is one.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const event_id = await say(alice, room, "well?");
    const react = () =>
      send(alice, room, "m.reaction", { "m.relates_to": { rel_type: "m.annotation", event_id, key: "👍" } });
    const first = await needed(react());
    const twice = await react();
    if (!isRefused(twice, 400, "M_DUPLICATE_ANNOTATION")) return fail(twice, "400 M_DUPLICATE_ANNOTATION");
    const reaction = String(member(first.json, "event_id"));
    await needed(alice.put(path`/rooms/${room}/redact/${reaction}/${"cs-132"}`));
    const again = await react();
    return again.status === 200 ? pass() : fail(again, "200 once the first was redacted");
  },
};

export const threadsDoNotNest: Rule = {
  id: "cs-133",
  title: "No thread begins at an event that belongs to another",
  level: "should",
  specUrl: clientServerSpec("validation-of-mthread-relationships"),
  reason: "A thread within a thread is a conversation that no client shows.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const inThread = (event_id: string) => ({ "m.relates_to": { rel_type: "m.thread", event_id } });
    const reply = await say(alice, room, "reply", inThread(await say(alice, room, "root")));
    const text = { msgtype: "m.text", body: "a reply to the reply" };
    const answer = await send(alice, room, "m.room.message", { ...text, ...inThread(reply) });
    return answer.status === 400 ? pass() : fail(answer, "400 for a thread that begins within a thread");
  },
};

export const privateRoomsOfSpaceAreHidden: Rule = {
  id: "cs-134",
  title: "A space's private rooms are shown to their members, and to nobody else",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv1roomsroomidhierarchy"),
  reason: "The name of a room may tell as much as what is said in it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room: space } = await sharedRoom(context, { creation_content: { type: "m.space" } });
    const open = await createRoom(alice, { preset: "public_chat" });
    const closed = await createRoom(alice, { name: "Closed" });
    for (const room of [open, closed]) await setState(alice, space, "m.space.child", { via: [serverOf(alice)] }, room);
    for (const [client, wanted] of [
      [alice, [space, open, closed]],
      [bob, [space, open]],
    ] as const) {
      const answer = await needed(client.get(path`/_matrix/client/v1/rooms/${space}/hierarchy`));
      const found = idsIn(answer.json, "rooms", "room_id");
      if (found.toSorted().join() !== wanted.toSorted().join())
        return fail(answer, `${wanted.length} rooms for ${client.userId}: ${wanted.join(", ")}`, found.join(", "));
    }
    return pass();
  },
};

export const membersAreListedByMembership: Rule = {
  id: "cs-135",
  title: "The members of a room are listed by their membership, and as they were at a point in time",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv3roomsroomidmembers"),
  reason: "A client that loads its members lazily completes the list with it, from where its sync began.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const at = String(member((await needed(alice.get("/sync"))).json, "next_batch"));
    await needed(bob.post(path`/rooms/${room}/leave`));
    for (const [query, wanted] of [
      [{ membership: "join" }, [alice.userId]],
      [{ membership: "leave" }, [bob.userId]],
      [{ not_membership: "leave" }, [alice.userId]],
      [{ at, membership: "join" }, [alice.userId, bob.userId]],
    ] as const) {
      const answer = await needed(alice.get(path`/rooms/${room}/members`, query));
      const found = idsIn(answer.json, "chunk", "state_key");
      if (found.toSorted().join() !== wanted.toSorted().join())
        return fail(
          answer,
          `${new URLSearchParams(query).toString()}: ${wanted.join(", ")}`,
          found.join(", ") || "none",
        );
    }
    return pass();
  },
};

export const directoryFindsPeople: Rule = {
  id: "cs-136",
  title: "The user directory finds those whom one shares a room with",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3user_directorysearch"),
  reason: "It is how a person is found to be invited.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    await sharedRoom(context);
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const displayname = `Contract ${context.random(10)}`;
    await needed(bob.put(path`/profile/${bob.userId}/displayname`, { displayname }));
    const search_term = displayname.slice("Contract ".length);
    const search = () => needed(alice.post("/user_directory/search", { search_term }));
    const isFound = ({ json }: Exchange) => idsIn(json, "results", "user_id").includes(bob.userId);
    const answer = await eventually(context, search, isFound);
    return isFound(answer) ? pass() : fail(answer, `${bob.userId} among the \`results\` for ${search_term}`);
  },
};
