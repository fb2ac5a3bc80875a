// Rules about the backup of room keys: https://spec.matrix.org/v1.19/client-server-api/#server-side-key-backups

import { member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, isRefused, needed } from "./client.ts";
import { createBackup, session_data } from "./keys.ts";

export const backupIsCounted: Rule = {
  id: "cs-115",
  title: "The count of a key backup is that of its keys, and its ETag changes with them",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv3room_keysversion"),
  reason: "By the two a device sees that another has added keys, and fetches them.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const version = await createBackup(alice);
    const key = { first_message_index: 0, forwarded_count: 0, is_verified: true, session_data };
    const keys = (...sessions: readonly string[]) => ({
      rooms: { [roomId]: { sessions: Object.fromEntries(sessions.map((session) => [session, key])) } },
    });
    const steps = [
      { count: 0, change: () => alice.get("/room_keys/keys", { version }) },
      { count: 2, change: () => alice.put("/room_keys/keys", keys("one", "two"), { query: { version } }) },
      { count: 1, change: () => alice.delete(`${roomKeys}/one`, { query: { version } }) },
      { count: 0, change: () => alice.delete("/room_keys/keys", { query: { version } }) },
    ];
    const etags = new Map<string, number>();
    try {
      for (const [number, { count, change }] of steps.entries()) {
        await needed(change());
        const answer = await needed(alice.get(`/room_keys/version/${version}`));
        if (member(answer.json, "count") !== count) return fail(answer, `\`count\` ${count}`);
        const etag = stringMember(answer.json, "etag");
        if (etag === undefined || etags.has(etag)) return fail(answer, "an `etag` that it has not had before");
        etags.set(etag, number);
      }
    } finally {
      await alice.delete(`/room_keys/version/${version}`);
    }
    return pass();
  },
};

const roomId = "!contract:example.org";
const roomKeys = `/room_keys/keys/${encodeURIComponent(roomId)}`;

export const absentBackupIsNotFound: Rule = {
  id: "cs-116",
  title: "A deleted key backup, and a key that it never had, are 404 M_NOT_FOUND",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv3room_keyskeysroomidsessionid"),
  reason: "The client gives up on the message, instead of asking again and again.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const version = await createBackup(alice);
    const key = await alice.get(`${roomKeys}/absent`, { version });
    await needed(alice.delete(`/room_keys/version/${version}`));
    if (!isRefused(key, 404, "M_NOT_FOUND")) return fail(key, "404 M_NOT_FOUND for a key that is not there");
    const backup = await alice.get(`/room_keys/version/${version}`);
    return isRefused(backup, 404, "M_NOT_FOUND") ? pass() : fail(backup, "404 M_NOT_FOUND for a deleted backup");
  },
};

export const backupKeepsAlgorithm: Rule = {
  id: "cs-117",
  title: "A key backup keeps its algorithm, and its data may be changed",
  level: "must",
  specUrl: clientServerSpec("put_matrixclientv3room_keysversionversion"),
  reason: "Its keys are encrypted by the one and could not be read by another.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const version = await createBackup(alice);
    const url = `/room_keys/version/${version}`;
    const { json } = await needed(alice.get(url));
    const algorithm = stringMember(json, "algorithm");
    const auth_data = member(json, "auth_data");
    const same = await alice.put(url, { algorithm, auth_data, version });
    const other = await alice.put(url, { algorithm: "org.contract.other", auth_data, version });
    await alice.delete(url);
    if (same.status !== 200) return fail(same, "200 for the same algorithm");
    return isRefused(other, 400, "M_INVALID_PARAM") ? pass() : fail(other, "400 M_INVALID_PARAM for another algorithm");
  },
};
