// Rules about rooms that cannot be made as asked for: https://spec.matrix.org/v1.19/client-server-api/#creation

import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, isRefused, needed, path, serverOf } from "./client.ts";
import { createRoom, send } from "./room.ts";
import { putState } from "./state.ts";

export const roomsAreNotMadeInPart: Rule = {
  id: "cs-129",
  title: "A room of an unknown version, or with an alias that is taken, is refused by its own code",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3createroom"),
  reason: "The one is for the client to ask for another version, the other for the person to choose another name.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const unknown = await alice.post("/createRoom", { room_version: "org.contract.none" });
    if (!isRefused(unknown, 400, "M_UNSUPPORTED_ROOM_VERSION")) return fail(unknown, "400 M_UNSUPPORTED_ROOM_VERSION");
    const room_alias_name = `contract-${context.random(10)}`;
    await createRoom(alice, { room_alias_name });
    const taken = await alice.post("/createRoom", { room_alias_name });
    await alice.delete(path`/directory/room/${`#${room_alias_name}:${serverOf(alice)}`}`);
    return isRefused(taken, 400, "M_ROOM_IN_USE")
      ? pass()
      : fail(taken, "400 M_ROOM_IN_USE for an alias that is taken");
  },
};

export const canonicalAliasesLeadHere: Rule = {
  id: "cs-130",
  title: "A room's main alias is one that leads to it",
  level: "must",
  specUrl: clientServerSpec("put_matrixclientv3roomsroomidstateeventtypestatekey"),
  reason: "A room that wears another's name is taken for it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const alias = `#contract-${context.random(10)}:${serverOf(alice)}`;
    const set = (name: string) => putState(alice, room, "m.room.canonical_alias", { alias: name });
    const absent = await set(alias);
    if (!isRefused(absent, 400, "M_BAD_ALIAS")) return fail(absent, "400 M_BAD_ALIAS for an alias that is not there");
    const url = path`/directory/room/${alias}`;
    await needed(alice.put(url, { room_id: await createRoom(alice) }));
    const others = await set(alias);
    await alice.delete(url);
    return isRefused(others, 400, "M_BAD_ALIAS") ? pass() : fail(others, "400 M_BAD_ALIAS for another room's alias");
  },
};

export const largeEventsAreRefused: Rule = {
  id: "cs-131",
  title: "An event larger than 64 KiB is 413 M_TOO_LARGE",
  level: "must",
  specUrl: clientServerSpec("size-limits"),
  reason: "No other server would take it, and the room would fall apart.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const body = "a".repeat(2 ** 16);
    const answer = await send(alice, room, "m.room.message", { msgtype: "m.text", body });
    return isRefused(answer, 413, "M_TOO_LARGE") ? pass() : fail(answer, "413 M_TOO_LARGE");
  },
};
