import type { components } from "@matrix-openapi/definitions/client-server";
import type { JsonValue } from "@matrix-openapi/server";
import { isObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";

type Schemas = components["schemas"];

/** In the order in which the kinds are checked. */
export const ruleKinds = ["override", "content", "room", "sender", "underride"] as const;

export type RuleKind = (typeof ruleKinds)[number];

/** A name, or an object for an action with parameters. */
export type PushAction = Schemas["PushAction"];

/** Of any kind, with what parameters that has: clients may store kinds that are not known here. */
export type PushCondition = Schemas["PushCondition"];

/** https://spec.matrix.org/v1.19/client-server-api/#push-rules */
export type PushRule = Schemas["PushRule"];

/** The most important rule first. */
export type PushRuleset = Required<Schemas["PushRuleset"]>;

/** Those of older releases do nothing: https://spec.matrix.org/v1.19/client-server-api/#historical-actions */
export function withoutHistoric(actions: readonly PushAction[]): PushAction[] {
  return actions.filter((action) => action !== "dont_notify" && action !== "coalesce");
}

/** By name; one without a value counts as true. */
export function tweaksOf(actions: readonly PushAction[]): JsonObject {
  const tweaks: Record<string, JsonValue> = {};
  for (const action of actions) {
    if (!isObject(action)) continue;
    const { set_tweak: name, value = true } = action;
    if (typeof name === "string") tweaks[name] = value;
  }
  return tweaks;
}
