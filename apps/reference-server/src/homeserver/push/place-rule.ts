import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError } from "@matrix-openapi/server";
import type { OwnPushRules } from "./own-rules.ts";
import { withoutHistoric } from "./ruleset.ts";
import type { PushRule, RuleKind } from "./ruleset.ts";

type Request = components["schemas"]["SetPushRuleRequest"];

interface RulePlace {
  readonly kind: RuleKind;
  readonly ruleId: string;
  /** Becomes the next more important than this one; counts more than `after`. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

const mostRules = 1000;
const longestRule = 8192;

/**
 * Adds a rule, as the most important of its kind unless said otherwise, or replaces one where it is.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleid
 */
export function placeRule({ own, changed }: OwnPushRules, place: RulePlace, body: Request): OwnPushRules {
  const { kind, ruleId, before, after } = place;
  const rules = own[kind] ?? [];
  const earlier = rules.find((rule) => rule.rule_id === ruleId);
  const rule = toRule(place, body, earlier?.enabled ?? true);
  const others = rules.filter((other) => other !== earlier);
  const neighbour = before ?? after;
  if (earlier !== undefined && neighbour === undefined) {
    return { own: { ...own, [kind]: rules.map((other) => (other === earlier ? rule : other)) }, changed };
  }
  if (others.length >= mostRules) throw refused(`you have ${mostRules} rules of this kind: delete one first`);
  const index = neighbour === undefined ? 0 : others.findIndex((other) => other.rule_id === neighbour);
  if (index === -1) throw refused(`you have no rule ${neighbour} to put it next to`);
  const at = before === undefined && after !== undefined ? index + 1 : index;
  return { own: { ...own, [kind]: others.toSpliced(at, 0, rule) }, changed };
}

function toRule({ kind, ruleId }: RulePlace, body: Request, enabled: boolean): PushRule {
  const { conditions = [], pattern, actions } = body;
  if (kind === "content" && pattern === undefined) {
    throw new MatrixError(400, "M_BAD_JSON", "A content rule lacks its pattern: say what to look for.");
  }
  if (kind === "room" && !ruleId.startsWith("!")) throw refused("the ID of a room rule is that of a room");
  if (kind === "sender" && !ruleId.startsWith("@")) throw refused("the ID of a sender rule is a user ID");
  if (ruleId.length > 512 || JSON.stringify(body).length > longestRule) throw refused("it is too large");
  return {
    rule_id: ruleId,
    default: false,
    enabled,
    actions: withoutHistoric(actions),
    ...(kind === "content" && pattern !== undefined && { pattern }),
    ...((kind === "override" || kind === "underride") && { conditions }),
  };
}

function refused(reason: string): MatrixError {
  return new MatrixError(400, "M_UNKNOWN", `The push rule cannot be set: ${reason}.`);
}
