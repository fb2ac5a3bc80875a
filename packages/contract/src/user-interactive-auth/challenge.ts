import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { isObject } from "../json.ts";

/** What a server answers while user-interactive auth is not complete, read without trusting any of it. */
export interface Challenge {
  readonly flows: readonly (readonly string[])[];
  readonly params: unknown;
  readonly session: string | undefined;
  readonly completed: readonly string[];
  readonly body: JsonObject;
}

/** The challenge in an answer; null where it is none: not a 401, or no `flows` with stages that are strings. */
export function readChallenge(exchange: Exchange): Challenge | null {
  const { status, json } = exchange;
  if (status !== 401 || !isObject(json) || !Array.isArray(json["flows"])) return null;
  const flows: string[][] = [];
  for (const flow of json["flows"]) {
    const stages = isObject(flow) ? flow["stages"] : undefined;
    if (!isStrings(stages)) return null;
    flows.push(stages);
  }
  const { session, completed, params } = json;
  return {
    flows,
    params,
    session: typeof session === "string" ? session : undefined,
    completed: isStrings(completed) ? completed : [],
    body: json,
  };
}

/** Whether an answer speaks of user-interactive auth at all, even badly. */
export function hasFlows(exchange: Exchange): boolean {
  return isObject(exchange.json) && Object.hasOwn(exchange.json, "flows");
}

/** Every stage type that some flow offers, each once. */
export function offeredStages(challenge: Challenge): ReadonlySet<string> {
  return new Set(challenge.flows.flat());
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
