// Rules about who reads what was said when: https://spec.matrix.org/v1.19/client-server-api/#room-history-visibility

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { aliceOf, bobOf, needed, path } from "./client.ts";
import { createRoom, idsIn, say, sharedRoom, withHistory } from "./room.ts";
import { setState } from "./state.ts";

const specUrl = clientServerSpec("room-history-visibility");

export const leavingEndsHistory: Rule = {
  id: "cs-92",
  title: "Whoever has left reads what was said until then, and nothing of what came after",
  level: "must",
  specUrl,
  reason: "People speak on once somebody is gone; the conversation until then was theirs, too.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const before = await say(alice, room, "before");
    await needed(bob.post(path`/rooms/${room}/leave`));
    const after = await say(alice, room, "after");
    const read = await needed(readBackwards(bob, room));
    const ids = idsIn(read.json, "chunk");
    if (!ids.includes(before)) return fail(read, `${before}, which was sent before bob left`);
    if (ids.includes(after)) return fail(read, `no ${after}, which was sent after bob left`);
    const single = await bob.get(path`/rooms/${room}/event/${after}`);
    if (single.status < 400) return fail(single, "404 M_NOT_FOUND for an event sent after bob left");
    const around = await bob.get(path`/rooms/${room}/context/${before}`, { limit: "10" });
    return idsIn(around.json, "events_after").includes(after)
      ? fail(around, `no ${after} around an event that bob may see`)
      : pass();
  },
};

export const visibilityBeginsWhereTold: Rule = {
  id: "cs-93",
  title: "Who joins reads the history from the point that the room's visibility says",
  level: "must",
  specUrl,
  reason: "From the beginning, from the invitation, or from joining on: people rely on the one they chose.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    for (const [visibility, wanted] of [
      ["shared", ["early", "invited", "joined"]],
      ["invited", ["invited", "joined"]],
      ["joined", ["joined"]],
    ] as const) {
      const { said, bob, room } = await stages(context, visibility);
      const read = await needed(readBackwards(bob, room));
      const seen = said.filter(({ event }) => idsIn(read.json, "chunk").includes(event)).map(({ when }) => when);
      if (seen.join() !== wanted.join())
        return fail(read, `${visibility}: what was said ${wanted.join(", ")}`, seen.join(", ") || "nothing");
    }
    return pass();
  },
};

/** Bob is invited to a room and joins it; something is said before, in between and after. */
async function stages(context: Context, visibility: string) {
  const [alice, bob] = [await aliceOf(context), await bobOf(context)];
  const room = await createRoom(alice, withHistory(visibility));
  const early = await say(alice, room, "early");
  await needed(alice.post(path`/rooms/${room}/invite`, { user_id: bob.userId }));
  const invited = await say(alice, room, "invited");
  await needed(bob.post(path`/rooms/${room}/join`));
  const joined = await say(alice, room, "joined");
  const said = [
    { when: "early", event: early },
    { when: "invited", event: invited },
    { when: "joined", event: joined },
  ];
  return { said, bob, room };
}

export const visibilityHoldsFromThenOn: Rule = {
  id: "cs-94",
  title: "What was said while only members could read stays theirs when the room opens later",
  level: "must",
  specUrl,
  reason: "The setting holds for what is said under it: nobody can give away later what was said in confidence.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const room = await createRoom(alice, { preset: "public_chat", ...withHistory("joined") });
    const confidential = await say(alice, room, "in confidence");
    await setState(alice, room, "m.room.history_visibility", { history_visibility: "world_readable" });
    const open = await say(alice, room, "for everybody");
    const stranger = await readBackwards(bob, room);
    if (stranger.status !== 200 || !idsIn(stranger.json, "chunk").includes(open))
      return fail(stranger, `200 with ${open} for anybody, as the room is world_readable`);
    await needed(bob.post(path`/rooms/${room}/join`));
    for (const read of [stranger, await needed(readBackwards(bob, room))])
      if (idsIn(read.json, "chunk").includes(confidential))
        return fail(read, `no ${confidential}, which was sent while the room was for the joined`);
    return pass();
  },
};

function readBackwards(client: Client, room: string): Promise<Exchange> {
  return client.get(path`/rooms/${room}/messages`, { dir: "b", limit: "50" });
}
