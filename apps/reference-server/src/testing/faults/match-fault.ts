import { operations as clientServer } from "@matrix-openapi/definitions/client-server/operations";
import { operations as identity } from "@matrix-openapi/definitions/identity/operations";
import type { OperationDescriptor } from "@matrix-openapi/definitions";
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
  const isOperation = operation === undefined ? undefined : globMatcher(operation);
  const isPath = path === undefined ? undefined : globMatcher(path);
  return (place) =>
    (server === undefined || server === place.server) &&
    (method === undefined || method === place.method) &&
    (isPath === undefined || isPath(place.path)) &&
    (isOperation === undefined || isOperation(operationAt(place) ?? ""));
}

/** The operations of both servers, or of one, that a pattern names. */
export function operationsNamed(pattern: string, server?: ServerKind): string[] {
  const kinds: readonly ServerKind[] = server === undefined ? ["homeserver", "identity"] : [server];
  return kinds.flatMap((kind) => Object.keys(described[kind])).filter(globMatcher(pattern));
}

/** `*` stands for any text. */
function globMatcher(pattern: string): (text: string) => boolean {
  const expression = new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "s");
  return (text) => expression.test(text);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

const described: Readonly<Record<ServerKind, Readonly<Record<string, OperationDescriptor>>>> = {
  homeserver: clientServer,
  identity,
};

interface Place {
  readonly operationId: string;
  readonly method: string;
  readonly path: RegExp;
}

const places = new Map<ServerKind, readonly Place[]>();

function operationAt({ server, method, path }: RequestPlace): string | undefined {
  const known = places.get(server) ?? Object.values(described[server]).toSorted(namedFirst).map(toPlace);
  places.set(server, known);
  const asked = method === "HEAD" ? "GET" : method;
  return known.find((place) => place.method === asked && place.path.test(path))?.operationId;
}

function toPlace({ operationId, method, path }: OperationDescriptor): Place {
  // The slash before an empty state key may be left out.
  const source = escaped(path.replace(/\/\{stateKey\}$/, "//")).replace(/\\\{\w+\\\}/g, "[^/]*");
  return { operationId, method, path: new RegExp(`^${source.replace(/\\\/\\\/$/, "(?:/[^/]*)?")}$`) };
}

/** As where requests are routed: a segment's name wins over a parameter in its place. */
function namedFirst({ path: left }: OperationDescriptor, { path: right }: OperationDescriptor): number {
  const key = (path: string) => path.replace(/\{\w+\}/g, "\u{10ffff}");
  return key(left) < key(right) ? -1 : 1;
}
