import { operations } from "@matrix-openapi/definitions/client-server/operations";
import { expect, test } from "vitest";
import { protectedOperations } from "./operations.ts";

test("asks every operation that the description says uses user-interactive auth", () => {
  const described = Object.values(operations).filter(({ uia }) => uia !== null);
  const asked = new Map(protectedOperations.map(({ operationId, token }) => [operationId, token]));
  // Its rules are its own, because its first use is exempt.
  const wanted = described.filter(({ operationId }) => String(operationId) !== "uploadCrossSigningKeys");
  expect(Object.fromEntries(asked)).toEqual(
    Object.fromEntries(wanted.map(({ operationId, auth }) => [operationId, auth.mode])),
  );
});
