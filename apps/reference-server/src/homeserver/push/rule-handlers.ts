import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { changeOwnRules, pushRulesOf } from "./own-rules.ts";
import type { OwnPushRules } from "./own-rules.ts";
import { placeRule } from "./place-rule.ts";
import { withoutHistoric } from "./ruleset.ts";
import type { PushRule, RuleKind } from "./ruleset.ts";

interface RuleName {
  readonly kind: RuleKind;
  readonly ruleId: string;
}

/** https://spec.matrix.org/v1.19/client-server-api/#push-rules-api */
export function pushRuleHandlers({ db }: Home) {
  const findRule = async (userId: string, { kind, ruleId }: RuleName): Promise<PushRule | undefined> =>
    (await pushRulesOf(db, userId))[kind].find((rule) => rule.rule_id === ruleId);

  const showRule = async <T extends object>(userId: string, name: RuleName, show: (rule: PushRule) => T) => {
    const rule = await findRule(userId, name);
    return rule === undefined ? noSuchRule : ok(show(rule));
  };

  const changeRule = async (userId: string, name: RuleName, change: RuleChange) => {
    if ((await findRule(userId, name)) === undefined) return noSuchRule;
    await changeOwnRules(db, userId, (rules) => withChange(rules, name, change));
    return ok({});
  };

  return {
    getPushRules: async ({ user }) => ok({ global: await pushRulesOf(db, user.id) }),

    getPushRulesGlobal: async ({ user }) => ok(await pushRulesOf(db, user.id)),

    getPushRule: ({ user, params }) => showRule(user.id, params.path, (rule) => rule),

    async setPushRule({ user, params, body }) {
      const { kind, ruleId } = params.path;
      const { before, after } = params.query;
      await changeOwnRules(db, user.id, (rules) => placeRule(rules, { kind, ruleId, before, after }, body));
      return ok({});
    },

    async deletePushRule({ user, params }) {
      const { kind, ruleId } = params.path;
      if (ruleId.startsWith(".")) return notDeletable;
      const deleted = await changeOwnRules(db, user.id, ({ own, changed }) => {
        const others = own[kind]?.filter((rule) => rule.rule_id !== ruleId) ?? [];
        return others.length === (own[kind]?.length ?? 0) ? undefined : { own: { ...own, [kind]: others }, changed };
      });
      return deleted ? ok({}) : noSuchRule;
    },

    isPushRuleEnabled: ({ user, params }) => showRule(user.id, params.path, ({ enabled }) => ({ enabled })),

    setPushRuleEnabled: ({ user, params, body }) => changeRule(user.id, params.path, { enabled: body.enabled }),

    getPushRuleActions: ({ user, params }) => showRule(user.id, params.path, ({ actions }) => ({ actions })),

    setPushRuleActions({ user, params, body }) {
      return changeRule(user.id, params.path, { actions: withoutHistoric(body.actions) });
    },
  } satisfies SomeHandlers;
}

type RuleChange = Partial<Pick<PushRule, "enabled" | "actions">>;

function withChange({ own, changed }: OwnPushRules, { kind, ruleId }: RuleName, change: RuleChange): OwnPushRules {
  if (ruleId.startsWith(".")) return { own, changed: { ...changed, [ruleId]: { ...changed[ruleId], ...change } } };
  const rules = own[kind]?.map((rule) => (rule.rule_id === ruleId ? { ...rule, ...change } : rule)) ?? [];
  return { own: { ...own, [kind]: rules }, changed };
}

const noSuchRule = error(
  404,
  "M_NOT_FOUND",
  "You have no push rule of this kind and ID: list yours with GET /pushrules/.",
);

const notDeletable = error(400, "M_UNKNOWN", "The server's own rules cannot be deleted: disable the rule instead.");
