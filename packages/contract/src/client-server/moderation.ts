// Rules about accounts that are held up: https://spec.matrix.org/v1.19/client-server-api/#account-moderation

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { member } from "../json.ts";
import type { Outcome } from "../outcome.ts";
import { fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { aliceOf, carolOf, isRefused, needed, neededString, path } from "./client.ts";
import { createRoom, say, send } from "./room.ts";

export const lockedAccountWaits: Rule = {
  id: "cs-108",
  title: "A locked account is told so with a soft logout, and goes on with its token once unlocked",
  level: "must",
  specUrl: clientServerSpec("account-locking"),
  reason: "The client keeps its keys and waits, instead of throwing them away and asking for the password.",
  needs: ["homeserver"],
  testable: true,
  check: (context) =>
    moderated(context, "lock", async (carol, lift) => {
      for (const url of ["/account/whoami", "/sync", "/joined_rooms"]) {
        const answer = await carol.get(url);
        if (!isRefused(answer, 401, "M_USER_LOCKED") || member(answer.json, "soft_logout") !== true)
          return fail(answer, `401 M_USER_LOCKED with \`soft_logout\` true for ${url}`);
      }
      await lift();
      const after = await carol.get("/account/whoami");
      return after.status === 200 ? pass() : fail(after, "200 with the same token once the account is unlocked");
    }),
};

export const suspendedAccountIsQuiet: Rule = {
  id: "cs-109",
  title: "A suspended account sends nothing, and is told why",
  level: "should",
  specUrl: clientServerSpec("account-suspension"),
  reason: "Suspending ends what somebody does to others, and the client can say so instead of trying again.",
  needs: ["homeserver"],
  testable: true,
  check: (context) =>
    moderated(context, "suspend", async (carol, lift, room) => {
      const text = { msgtype: "m.text", body: "not heard" };
      const alice = await aliceOf(context);
      const open = await createRoom(alice, { preset: "public_chat" });
      for (const [what, attempt] of [
        ["sending a message", () => send(carol, room, "m.room.message", text)],
        ["joining a room", () => carol.post(path`/rooms/${open}/join`)],
        ["a new name", () => carol.put(path`/profile/${carol.userId}/displayname`, { displayname: "Carol" })],
      ] as const) {
        const answer = await attempt();
        if (!isRefused(answer, 403, "M_USER_SUSPENDED")) return fail(answer, `403 M_USER_SUSPENDED for ${what}`);
      }
      await lift();
      const after = await send(carol, room, "m.room.message", text);
      return after.status === 200 ? pass() : fail(after, "200 once the account is not suspended any more");
    }),
};

export const suspendedAccountReads: Rule = {
  id: "cs-110",
  title: "A suspended account reads on, takes back what it has said, and leaves rooms",
  level: "should",
  specUrl: clientServerSpec("account-suspension"),
  reason: "The person can follow what happens, and put right what has led to it.",
  needs: ["homeserver"],
  testable: true,
  check: (context) =>
    moderated(context, "suspend", async (carol, _lift, room, event) => {
      for (const [what, attempt] of [
        ["a sync", () => carol.get("/sync")],
        ["reading a room", () => carol.get(path`/rooms/${room}/messages`, { dir: "b" })],
        ["redacting an own event", () => carol.put(path`/rooms/${room}/redact/${event}/${"cs-110"}`)],
        ["leaving a room", () => carol.post(path`/rooms/${room}/leave`)],
      ] as const) {
        const answer = await attempt();
        if (answer.status !== 200) return fail(answer, `200 for ${what}`);
      }
      return pass();
    }),
};

type Judge = (carol: Client, lift: () => Promise<Exchange>, room: string, event: string) => Promise<Outcome>;

/** Carol, who has said something in a room, is held up by an administrator while she is judged, and never afterwards. */
async function moderated(context: Context, action: "lock" | "suspend", judge: Judge): Promise<Outcome> {
  const { administrator } = context.options;
  if (administrator === undefined) throw new NotOffered("needs an administrator (--administrator)");
  const carol = await carolOf(context);
  const room = await createRoom(carol);
  const event = await say(carol, room, "before");
  const { homeserver } = context;
  const identifier = { type: "m.id.user", user: administrator.user };
  const login = { type: "m.login.password", identifier, password: administrator.password };
  const token = await neededString(homeserver.post("/_matrix/client/v3/login", login), "access_token");
  const url = path`/_matrix/client/v1/admin/${action}/${carol.userId}`;
  const set = (on: boolean) =>
    needed(homeserver.put(url, action === "lock" ? { locked: on } : { suspended: on }, { token }));
  try {
    await set(true);
    return await judge(carol, () => set(false), room, event);
  } finally {
    await homeserver.put(url, action === "lock" ? { locked: false } : { suspended: false }, { token });
    await homeserver.post("/_matrix/client/v3/logout", {}, { token });
  }
}
