import { sql } from "kysely";
import { asObject } from "../../json.ts";
import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { currentStateEvents } from "../rooms/state.ts";
import { changedRulesets, unchangedRules } from "./own-rules.ts";
import type { PushRuleset } from "./ruleset.ts";

/** Somebody for whom an event may do other things than for everybody. */
interface Individual {
  readonly userId: string;
  /** Undefined where the event does what it does for everybody, ignoring aside. */
  readonly rules: PushRuleset | undefined;
  /** In the room; only where the rules ask for it. */
  readonly displayName?: string | undefined;
  readonly ignoresSender: boolean;
}

/** Nobody is notified of what they have sent themselves. */
export async function individualsFor(db: Database, event: RoomEvent): Promise<Individual[]> {
  const isNamed = new Set(await named(db, event));
  const apart = await setApart(db, event);
  const userIds = new Set([...apart.map((row) => row.user_id), ...isNamed]);
  userIds.delete(event.sender);
  return inBatches(userIds, (batch) => lookUp(db, event, batch, isNamed));
}

const setApart = compiledQuery(
  (db, { roomId }: Pick<RoomEvent, "roomId">) =>
    db
      .selectFrom("hs_notified_members")
      .select("user_id")
      .where("room_id", "=", roomId)
      .where("is_individual", "=", sql.lit(1)), // as the index has it, which a parameter would not find
);

/** Who is mentioned, and who is invited. */
async function named(db: Database, { roomId, type, stateKey, content }: RoomEvent): Promise<string[]> {
  if (type === "m.room.member" && stateKey !== null && content["membership"] === "invite") return [stateKey];
  const { user_ids: userIds } = asObject(content["m.mentions"]);
  const mentioned = Array.isArray(userIds) ? userIds : [];
  const members = await inBatches(new Set(mentioned.filter((id) => typeof id === "string")), (batch) =>
    db
      .selectFrom("hs_notified_members")
      .select("user_id")
      .where("room_id", "=", roomId)
      .where("user_id", "in", batch)
      .execute(),
  );
  return members.map((row) => row.user_id);
}

async function lookUp(
  db: Database,
  event: RoomEvent,
  userIds: readonly string[],
  isNamed: ReadonlySet<string>,
): Promise<Individual[]> {
  const [changed, ignoring] = [await changedRulesets(db, userIds), await whoIgnores(db, event.sender, userIds)];
  const asking = userIds.filter((userId) => asksForName(changed.get(userId)));
  const names = await displayNames(db, event.roomId, asking);
  return userIds.map((userId) => ({
    userId,
    rules: changed.get(userId) ?? (isNamed.has(userId) ? unchangedRules(userId) : undefined),
    displayName: names.get(userId),
    ignoresSender: ignoring.has(userId),
  }));
}

async function whoIgnores(db: Database, sender: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("hs_account_data")
    .select(["user_id", "content"])
    .where("user_id", "in", userIds)
    .where("room_id", "=", "")
    .where("type", "=", "m.ignored_user_list")
    .execute();
  const ignoring = rows.filter(({ content }) => {
    const { ignored_users: users } = JSON.parse(content);
    return Object.hasOwn(asObject(users), sender);
  });
  return new Set(ignoring.map((row) => row.user_id));
}

function asksForName(rules: PushRuleset | undefined): boolean {
  const conditional = rules === undefined ? [] : [...rules.override, ...rules.underride];
  return conditional.some(({ conditions = [] }) => conditions.some(({ kind }) => kind === "contains_display_name"));
}

async function displayNames(
  db: Database,
  roomId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const keys = userIds.map((userId) => ["m.room.member", userId] as const);
  const names = new Map<string, string>();
  for (const { stateKey, content } of await currentStateEvents(db, roomId, keys)) {
    const { displayname: name } = content;
    if (stateKey !== null && typeof name === "string") names.set(stateKey, name);
  }
  return names;
}
