import { describe, expect, test } from "vitest";
import { createRouter, malformedPath } from "./router.ts";

const find = createRouter(
  [
    "/rooms/{roomId}",
    "/rooms/directory",
    "/rooms/{roomId}/state/{eventType}",
    "/rooms/{roomId}/state/{eventType}/{stateKey}",
    "/pubkey/ephemeral/isvalid",
    "/pubkey/isvalid",
    "/pubkey/{keyId}",
  ].map((path) => ({ method: "GET", path, target: path })),
);

function found(path: string): unknown {
  const match = find(path);
  return match === null || match === malformedPath ? match : [match.methods.get("GET"), ...match.values];
}

describe("createRouter", () => {
  test.each([
    ["/rooms/!a:b", ["/rooms/{roomId}", "!a:b"]],
    ["/rooms/directory", ["/rooms/directory"]],
    ["/rooms/%64irectory", ["/rooms/directory"]],
    ["/rooms/a%2Fb", ["/rooms/{roomId}", "a/b"]],
    ["/rooms/a%252Fb", ["/rooms/{roomId}", "a%2Fb"]],
    ["/rooms/%F0%9F%90%88", ["/rooms/{roomId}", "🐈"]],
    ["/rooms/a%00b", ["/rooms/{roomId}", "a\u0000b"]],
    ["/rooms/a/state/m.x", ["/rooms/{roomId}/state/{eventType}", "a", "m.x"]],
    ["/rooms/a/state/m.x/", ["/rooms/{roomId}/state/{eventType}/{stateKey}", "a", "m.x", ""]],
    ["/rooms/a/state/m.x/.", ["/rooms/{roomId}/state/{eventType}/{stateKey}", "a", "m.x", "."]],
    ["/rooms/../state/m.x", ["/rooms/{roomId}/state/{eventType}", "..", "m.x"]],
    ["/rooms/directory/state/m.x", ["/rooms/{roomId}/state/{eventType}", "directory", "m.x"]],
    ["/pubkey/ephemeral/isvalid", ["/pubkey/ephemeral/isvalid"]],
    ["/pubkey/ephemeral", ["/pubkey/{keyId}", "ephemeral"]],
    ["/rooms/", ["/rooms/{roomId}", ""]],
    ["/rooms", null],
    ["/rooms/a/b", null],
    ["//rooms/a", null],
    ["*", null],
    ["", null],
    ["/rooms/%", malformedPath],
    ["/rooms/%zz", malformedPath],
    ["/rooms/%FF", malformedPath],
    ["/rooms/%ED%A0%80", malformedPath],
    ["/rooms/é", malformedPath],
  ])("%s", (path, wanted) => expect(found(path)).toEqual(wanted));
});
