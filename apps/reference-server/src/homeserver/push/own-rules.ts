import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import { defaultRules } from "./default-rules.ts";
import { updateIndividual } from "./notified-members.ts";
import type { PushAction, PushRule, PushRuleset, RuleKind } from "./ruleset.ts";

/** What a user has made of the rules: those of their own, and what they have changed about the server's. */
export interface OwnPushRules {
  readonly own: { readonly [Kind in RuleKind]?: readonly PushRule[] };
  /** By rule ID. */
  readonly changed: { readonly [ruleId: string]: { readonly enabled?: boolean; readonly actions?: PushAction[] } };
}

const none: OwnPushRules = { own: {}, changed: {} };

/** All rules of a user, the server's included. */
export async function pushRulesOf(db: Database, userId: string): Promise<PushRuleset> {
  return withDefaults(userId, await findOwn(db, userId));
}

/** Those of a user who has changed nothing. */
export function unchangedRules(userId: string): PushRuleset {
  return withDefaults(userId, none);
}

/** Those of several, as far as they have changed anything. */
export async function changedRulesets(
  db: Database,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, PushRuleset>> {
  const rows = await db.selectFrom("hs_push_rules").selectAll().where("user_id", "in", userIds).execute();
  return new Map(rows.map((row) => [row.user_id, withDefaults(row.user_id, JSON.parse(row.rules))]));
}

/** Changes them, and tells the user's clients; undefined where `change` finds nothing to change. */
export async function changeOwnRules(
  db: Database,
  userId: string,
  change: (rules: OwnPushRules) => OwnPushRules | undefined,
): Promise<boolean> {
  return withTransaction(db, async () => {
    const changed = change(await findOwn(db, userId));
    if (changed === undefined) return false;
    const rules = JSON.stringify(changed);
    if (rules.length > mostLetters) {
      throw new MatrixError(400, "M_UNKNOWN", "Your push rules would be too large together: delete some first.");
    }
    await db
      .insertInto("hs_push_rules")
      .values({ user_id: userId, rules })
      .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ rules }))
      .execute();
    await updateIndividual(db, userId);
    appendToStream(db, { kind: "account_data", userId, reference: "m.push_rules" });
    return true;
  });
}

/** They are read for every event of the user's rooms. */
const mostLetters = 262_144;

async function findOwn(db: Database, userId: string): Promise<OwnPushRules> {
  const row = await db.selectFrom("hs_push_rules").select("rules").where("user_id", "=", userId).executeTakeFirst();
  return row === undefined ? none : JSON.parse(row.rules);
}

/** The user's own come before the server's, but for the one that mutes everything. */
function withDefaults(userId: string, { own, changed }: OwnPushRules): PushRuleset {
  const change = (rule: PushRule): PushRule => ({ ...rule, ...changed[rule.rule_id] });
  const defaults = defaultRules(userId);
  const [master, ...override] = defaults.override.map(change);
  return {
    override: [...(master === undefined ? [] : [master]), ...(own.override ?? []), ...override],
    content: [...(own.content ?? [])],
    room: [...(own.room ?? [])],
    sender: [...(own.sender ?? [])],
    underride: [...(own.underride ?? []), ...defaults.underride.map(change)],
  };
}
