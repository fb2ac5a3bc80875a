// Rules about whose devices a client has to know: https://spec.matrix.org/v1.19/client-server-api/#tracking-the-device-list-for-a-user

import { logIn } from "../accounts.ts";
import type { Context } from "../context.ts";
import { member } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, bobOf, carolOf, clientOf, needed, path } from "./client.ts";
import { uploadDevice } from "./device-keys.ts";
import { createRoom } from "./room.ts";
import type { Synced } from "./synced.ts";
import { syncOf, toDeviceOf } from "./synced.ts";

export const partingIsTold: Rule = {
  id: "cs-111",
  title: "Who shares no encrypted room any more is told by `device_lists.left`",
  level: "must",
  specUrl: clientServerSpec("tracking-the-device-list-for-a-user"),
  reason: "A client stops asking for the keys of people whom it does not write to.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, carol, room } = await encryptedRoom(context);
    const { next } = await syncOf(carol);
    await needed(carol.post(path`/rooms/${room}/leave`));
    const synced = await syncOf(carol, { since: next });
    return listed(synced, "left").includes(alice.userId)
      ? pass()
      : fail(synced.answer, `${alice.userId} in \`device_lists.left\`, with whom carol shares no room any more`);
  },
};

export const meetingIsTold: Rule = {
  id: "cs-112",
  title: "Whom one begins to share an encrypted room with is told by `device_lists.changed`",
  level: "must",
  specUrl: clientServerSpec("tracking-the-device-list-for-a-user"),
  reason: "What a client knew of their devices from before may be out of date.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, carol, room } = await encryptedRoom(context);
    await needed(carol.post(path`/rooms/${room}/leave`));
    const { next } = await syncOf(carol);
    await needed(carol.post(path`/rooms/${room}/join`));
    const synced = await syncOf(carol, { since: next });
    await needed(carol.post(path`/rooms/${room}/leave`));
    return listed(synced, "changed").includes(alice.userId)
      ? pass()
      : fail(synced.answer, `${alice.userId} in \`device_lists.changed\`, with whom carol shares a room again`);
  },
};

/** A room of alice's that carol has joined, and the only one that they share. */
async function encryptedRoom(context: Context) {
  const [alice, carol] = [await aliceOf(context), await carolOf(context)];
  const content = { algorithm: "m.megolm.v1.aes-sha2" };
  const initial_state = [{ type: "m.room.encryption", state_key: "", content }];
  const room = await createRoom(alice, { preset: "public_chat", initial_state });
  await needed(carol.post(path`/rooms/${room}/join`));
  return { alice, carol, room };
}

function listed({ answer }: Synced, key: string): readonly unknown[] {
  const users = member(member(answer.json, "device_lists"), key);
  return Array.isArray(users) ? users : [];
}

export const changesAreListed: Rule = {
  id: "cs-113",
  title: "`/keys/changes` lists whose keys have changed between two syncs",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv3keyschanges"),
  reason: "A client that was offline asks once instead of for everybody's keys again.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { carol, room } = await encryptedRoom(context);
    const { next: from } = await syncOf(carol);
    const second = clientOf(context, await logIn(context, await context.accounts.alice()));
    await uploadDevice(second);
    const { next: to } = await syncOf(carol);
    const answer = await needed(carol.get("/keys/changes", { from, to }));
    await second.post("/logout");
    await needed(carol.post(path`/rooms/${room}/leave`));
    const changed = member(answer.json, "changed");
    return Array.isArray(changed) && changed.includes(second.userId)
      ? pass()
      : fail(answer, `${second.userId} in \`changed\``);
  },
};

export const messagesReachAllDevices: Rule = {
  id: "cs-114",
  title: "A to-device message for `*` reaches every device of the user, and no other user's",
  level: "must",
  specUrl: clientServerSpec("put_matrixclientv3sendtodeviceeventtypetxnid"),
  reason: "A device that asks the others for a key does not know which of them has it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const second = clientOf(context, await logIn(context, await context.accounts.bob()));
    const type = `org.contract.${context.random(8)}`;
    await needed(
      alice.put(path`/sendToDevice/${type}/${context.random(12)}`, { messages: { [bob.userId]: { "*": {} } } }),
    );
    const [first, other, own] = [await syncOf(bob), await syncOf(second), await syncOf(alice)];
    await second.post("/logout");
    for (const synced of [first, other])
      if (toDeviceOf(synced, type).length !== 1) return fail(synced.answer, `one ${type} for each of bob's devices`);
    return toDeviceOf(own, type).length === 0 ? pass() : fail(own.answer, `no ${type} for alice, who has sent it`);
  },
};
