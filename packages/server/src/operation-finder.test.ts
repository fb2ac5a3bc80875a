import { expect, test } from "vitest";
import { clientServerDescription } from "./client-server-api.ts";
import { operationFinder } from "./operation-finder.ts";

const find = operationFinder(clientServerDescription);

test.each([
  ["GET", "/_matrix/client/v3/sync", "sync"],
  ["HEAD", "/_matrix/client/v3/sync", "sync"],
  ["PUT", "/_matrix/client/v3/rooms/!a/state/m.room.name", "setRoomStateWithKey"],
  ["GET", "/_matrix/client/v3/profile/@a%3Ab", "getUserProfile"],
  ["POST", "/_matrix/client/v3/sync", undefined],
  ["GET", "/_matrix/client/v3/profile/%ff", undefined],
  ["GET", "/elsewhere", undefined],
])("%s %s is %s", (method, path, operationId) => {
  expect(find(method, path)?.operationId).toBe(operationId);
});
