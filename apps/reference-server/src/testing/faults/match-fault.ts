import { clientServerDescription, identityDescription, operationFinder } from "@matrix-openapi/server";
import { globMatcher } from "../../glob.ts";
import type { Fault } from "./fault.ts";

export type ServerKind = "homeserver" | "identity";

export interface RequestPlace {
  readonly server: ServerKind;
  readonly method: string;
  /** Raw. */
  readonly path: string;
}

export type Matches = (place: RequestPlace) => boolean;

/** Whether a request is one of those that a fault is for: by server, operation, method and path, all that are given. */
export function faultMatcher({ server, operation, method, path }: Fault): Matches {
  const isOperation = operation === undefined ? undefined : operationMatcher(operation);
  const isPath = path === undefined ? undefined : globMatcher(path);
  return (place) =>
    (server === undefined || server === place.server) &&
    (method === undefined || method === place.method) &&
    (isPath === undefined || isPath(place.path)) &&
    (isOperation === undefined || isOperation(place));
}

function operationMatcher(pattern: string): Matches {
  const isNamed = globMatcher(pattern);
  const finders = { homeserver: operationFinder(described.homeserver), identity: operationFinder(described.identity) };
  return ({ server, method, path }) => isNamed(finders[server](method, path)?.operationId ?? "");
}

/** The operations of both servers, or of one, that a pattern names. */
export function operationsNamed(pattern: string, server?: ServerKind): string[] {
  const kinds: readonly ServerKind[] = server === undefined ? ["homeserver", "identity"] : [server];
  return kinds.flatMap((kind) => Object.keys(described[kind].operations)).filter(globMatcher(pattern));
}

const described = { homeserver: clientServerDescription, identity: identityDescription };
