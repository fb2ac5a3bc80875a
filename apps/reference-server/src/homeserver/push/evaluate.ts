import type { JsonValue } from "@matrix-openapi/server";
import { asJson, isObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { globMatcher } from "./glob.ts";
import type { GlobMatcher } from "./glob.ts";
import { ruleKinds, tweaksOf, withoutHistoric } from "./ruleset.ts";
import type { PushAction, PushCondition, PushRule, PushRuleset, RuleKind } from "./ruleset.ts";

/** What conditions ask beside the event. */
export interface PushContext {
  readonly memberCount: number;
  /** Whether the sender has the power to notify, by a key of `notifications` in the power levels. */
  senderMayNotify(key: string): boolean;
  /** The name that the owner of the rules has in the room. */
  readonly displayName?: string | undefined;
}

/** What an event does for a user. */
export interface PushOutcome {
  readonly notify: boolean;
  readonly highlight: boolean;
  readonly actions: readonly PushAction[];
}

/** The first enabled rule that matches decides; without one, nothing happens. https://spec.matrix.org/v1.19/client-server-api/#push-rules */
export function evaluate(rules: PushRuleset, event: JsonObject, context: PushContext): PushOutcome {
  const facts: Facts = { ...context, glob: globMatcher() };
  for (const kind of ruleKinds) {
    const matching = rules[kind].find((rule) => rule.enabled && ruleMatches(kind, rule, event, facts));
    if (matching !== undefined) return outcomeOf(matching);
  }
  return { notify: false, highlight: false, actions: [] };
}

function outcomeOf(rule: PushRule): PushOutcome {
  const actions = withoutHistoric(rule.actions);
  const notify = actions.includes("notify");
  return { notify, highlight: notify && tweaksOf(actions)["highlight"] === true, actions };
}

interface Facts extends PushContext {
  readonly glob: GlobMatcher;
}

function ruleMatches(kind: RuleKind, rule: PushRule, event: JsonObject, facts: Facts): boolean {
  if (kind === "room") return event["room_id"] === rule.rule_id;
  if (kind === "sender") return event["sender"] === rule.rule_id;
  if (kind === "content") return rule.pattern !== undefined && bodyContains(event, rule.pattern, facts);
  return (rule.conditions ?? []).every((condition) => isFulfilled(condition, event, facts));
}

/** One of a kind that is not known is never fulfilled. https://spec.matrix.org/v1.19/client-server-api/#conditions-1 */
function isFulfilled(condition: PushCondition, event: JsonObject, facts: Facts): boolean {
  const { kind, key, pattern, value, is } = asJson(condition);
  switch (kind) {
    case "event_match":
      return typeof key === "string" && typeof pattern === "string" && eventMatches(event, key, pattern, facts);
    case "event_property_is":
      return typeof key === "string" && isPlain(value) && propertyAt(event, key) === value;
    case "event_property_contains": {
      const list = typeof key === "string" ? propertyAt(event, key) : undefined;
      return Array.isArray(list) && isPlain(value) && list.includes(value);
    }
    case "room_member_count":
      return typeof is === "string" && countFits(facts.memberCount, is);
    case "sender_notification_permission":
      return typeof key === "string" && facts.senderMayNotify(key);
    case "contains_display_name": {
      const { displayName = "", glob } = facts;
      const body = propertyAt(event, "content.body");
      return displayName !== "" && typeof body === "string" && glob.containsWords(body, displayName);
    }
    default:
      return false;
  }
}

function eventMatches(event: JsonObject, key: string, pattern: string, facts: Facts): boolean {
  if (key === "content.body") return bodyContains(event, pattern, facts);
  const value = propertyAt(event, key);
  return typeof value === "string" && facts.glob.matches(value, pattern);
}

function bodyContains(event: JsonObject, pattern: string, { glob }: Facts): boolean {
  const body = propertyAt(event, "content.body");
  return typeof body === "string" && glob.contains(body, pattern);
}

/** Neither an object nor an array, nor absent. */
function isPlain(value: JsonValue | undefined): boolean {
  return value === null || (value !== undefined && typeof value !== "object");
}

/** https://spec.matrix.org/v1.19/appendices/#dot-separated-property-paths */
function propertyAt(event: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = event;
  for (const name of namesIn(path)) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** A backslash before anything but a dot or another one stands for itself. */
function namesIn(path: string): string[] {
  if (!path.includes("\\")) return path.split(".");
  const names = path.match(/(?:\\[.\\]|[^.])+|(?<=\.|^)(?=\.|$)/gs) ?? [];
  return names.map((name) => name.replace(/\\([.\\])/g, "$1"));
}

function countFits(count: number, is: string): boolean {
  const [, comparison = "==", digits] = /^(==|<=|>=|<|>)?(\d+)$/.exec(is) ?? [];
  if (digits === undefined) return false;
  const limit = Number(digits);
  return (
    (comparison.includes("=") && count === limit) ||
    (comparison.startsWith("<") && count < limit) ||
    (comparison.startsWith(">") && count > limit)
  );
}
