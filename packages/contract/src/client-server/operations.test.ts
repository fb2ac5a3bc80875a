import { operations as described } from "@matrix-openapi/definitions/client-server/operations";
import { expect, test } from "vitest";
import { operationOf, operations } from "./operations.ts";

test("knows every operation of the description, its method, path and first version", () => {
  const wanted = Object.values(described).map(({ operationId, method, path, since }) => [
    operationId,
    since === null ? [method, path] : [method, path, Number(since.split(".")[1])],
  ]);
  expect(operations).toEqual(Object.fromEntries(wanted));
});

test.each([
  ["GET", "/_matrix/client/v3/room_keys/version", "getRoomKeysVersionCurrent"],
  ["GET", "/_matrix/client/v3/room_keys/version/1", "getRoomKeysVersion"],
  ["PUT", "/_matrix/client/v3/rooms/!a%3Ab/state/m.room.topic", "setRoomStateWithKey"],
  ["PUT", "/_matrix/client/v3/rooms/!a%3Ab/state/m.room.topic/", "setRoomStateWithKey"],
  ["GET", "/_matrix/client/v3/rooms/!a%3Ab/state", "getRoomState"],
  ["GET", "/_matrix/client/v3/pushrules/global/", "getPushRulesGlobal"],
  ["GET", "/_matrix/client/v3/nothing", null],
])("%s %s asks for %s", (method, path, operation) => {
  expect(operationOf(method, path)).toBe(operation);
});
