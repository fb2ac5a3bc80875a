import type { components } from "@matrix-openapi/definitions/client-server";

/** What a server answers while user-interactive authentication is not complete. */
export type UserInteractiveAuthChallenge = components["schemas"]["UserInteractiveAuthChallenge"];

/**
 * Tells a challenge from an ordinary error. `flows` makes it one, whatever `errcode` says beside it.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export function isUserInteractive(error: unknown): error is UserInteractiveAuthChallenge {
  return (
    isObject(error) &&
    Array.isArray(error.flows) &&
    error.flows.every((flow: unknown) => isObject(flow) && Array.isArray(flow.stages))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
