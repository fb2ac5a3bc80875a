// Rules about what passes: https://spec.matrix.org/v1.19/client-server-api/#ephemeral-events

import { member } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { needed, path } from "./client.ts";
import { say, sharedRoom } from "./room.ts";
import type { Synced } from "./synced.ts";
import { ephemeralOf, syncOf, syncUntil } from "./synced.ts";

export const typingIsTold: Rule = {
  id: "cs-26",
  title: "Who types is told to the others, and that they have stopped",
  level: "must",
  specUrl: clientServerSpec("typing-notifications"),
  reason: "It is told by whole lists: a list without the user ends it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    let { next } = await syncOf(bob);
    for (const typing of [true, false]) {
      await needed(
        alice.put(path`/rooms/${room}/typing/${alice.userId}`, { typing, ...(typing && { timeout: 20_000 }) }),
      );
      const synced = await syncUntil(bob, next, (one) => ephemeralOf(one, room, "m.typing") !== undefined);
      next = synced.next;
      const users = member(member(ephemeralOf(synced, room, "m.typing"), "content"), "user_ids");
      if (!Array.isArray(users) || users.includes(alice.userId) !== typing)
        return fail(synced.answer, `m.typing ${typing ? "with" : "without"} ${alice.userId}`);
    }
    const forged = await bob.put(path`/rooms/${room}/typing/${alice.userId}`, { typing: true, timeout: 20_000 });
    return forged.status >= 400 ? pass() : fail(forged, "a refusal of typing in another user's name");
  },
};

export const receiptsAreTold: Rule = {
  id: "cs-27",
  title: "A receipt is told to the others, a private one to nobody but its user",
  level: "must",
  specUrl: clientServerSpec("receipts"),
  reason: "People choose m.read.private in order that nobody sees how far they have read.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const [first, second] = [await say(alice, room, "one"), await say(alice, room, "two")];
    const { next } = await syncOf(alice);
    await needed(bob.post(path`/rooms/${room}/receipt/${"m.read"}/${first}`));
    await needed(bob.post(path`/rooms/${room}/receipt/${"m.read.private"}/${second}`));
    const has = (synced: Synced, event: string, type: string): boolean => {
      const content = member(ephemeralOf(synced, room, "m.receipt"), "content");
      return member(member(member(content, event), type), bob.userId) !== undefined;
    };
    const told = await syncUntil(alice, next, (one) => has(one, first, "m.read"));
    if (!has(told, first, "m.read")) return fail(told.answer, `m.read of ${first} by ${bob.userId}`);
    if (told.answer.text.includes("m.read.private")) return fail(told.answer, "no private receipt of another user");
    const own = await syncOf(bob);
    if (!has(own, second, "m.read.private")) return fail(own.answer, `bob's own m.read.private of ${second}`);
    return pass();
  },
};
