import type { JsonValue } from "@matrix-openapi/server";
import type { Database } from "../../../storage/database.ts";
import { changeOwnRules } from "../../push/own-rules.ts";
import type { OwnPushRules } from "../../push/own-rules.ts";
import type { PushRule } from "../../push/ruleset.ts";
import { findAccountData, storeAccountData } from "../../user-data/account-data.ts";
import type { AfterSend } from "../after-send.ts";
import { membershipOf } from "../memberships.ts";
import { currentStateEvent } from "../state.ts";
import { asObject } from "../../../json.ts";

/**
 * Who joins the successor of a room they were in finds it as they had the old one: tagged, a direct chat, loud or quiet.
 * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-18
 */
export const takeSettingsAlong: AfterSend = async ({ db }, { type, stateKey: userId, roomId, content }) => {
  if (type !== "m.room.member" || userId === null || content["membership"] !== "join") return;
  const create = await currentStateEvent(db, roomId, "m.room.create");
  const { room_id: predecessor } = asObject(create?.content["predecessor"]);
  if (typeof predecessor !== "string" || (await membershipOf(db, predecessor, userId)) === undefined) return;
  const move = { userId, from: predecessor, to: roomId };
  await copyTags(db, move);
  await copyDirectChats(db, move);
  await changeOwnRules(db, userId, (rules) => withCopiedRules(rules, move));
};

interface Move {
  readonly userId: string;
  readonly from: string;
  readonly to: string;
}

async function copyTags(db: Database, { userId, from, to }: Move): Promise<void> {
  const tags = await findAccountData(db, { userId, roomId: from, type: "m.tag" });
  if (tags === undefined || (await findAccountData(db, { userId, roomId: to, type: "m.tag" })) !== undefined) return;
  await storeAccountData(db, { userId, roomId: to, type: "m.tag" }, tags);
}

/** https://spec.matrix.org/v1.19/client-server-api/#mdirect */
async function copyDirectChats(db: Database, { userId, from, to }: Move): Promise<void> {
  const key = { userId, type: "m.direct" };
  const direct = (await findAccountData(db, key)) ?? {};
  const withSuccessor = (rooms: JsonValue) =>
    Array.isArray(rooms) && rooms.includes(from) && !rooms.includes(to) ? [...rooms, to] : rooms;
  const added = Object.fromEntries(Object.entries(direct).map(([other, rooms]) => [other, withSuccessor(rooms)]));
  if (JSON.stringify(added) !== JSON.stringify(direct)) await storeAccountData(db, key, added);
}

/** Of the kinds in which clients have a rule for a room, under the room's ID. */
function withCopiedRules({ own, changed }: OwnPushRules, move: Move): OwnPushRules | undefined {
  const { override = [], room = [] } = own;
  const copied = { override: withCopy(override, move), room: withCopy(room, move) };
  if (copied.override === override && copied.room === room) return undefined;
  return { own: { ...own, ...copied }, changed };
}

function withCopy(rules: readonly PushRule[], { from, to }: Move): readonly PushRule[] {
  const rule = rules.find(({ rule_id }) => rule_id === from);
  if (rule === undefined || rules.some(({ rule_id }) => rule_id === to)) return rules;
  const copy: PushRule = JSON.parse(JSON.stringify(rule).replaceAll(JSON.stringify(from), JSON.stringify(to)));
  return [copy, ...rules];
}
