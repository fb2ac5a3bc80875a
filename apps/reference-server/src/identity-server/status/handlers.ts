import { specVersion } from "@matrix-openapi/definitions/identity/operations";
import { ok } from "@matrix-openapi/server";
import type { SomeHandlers } from "../identity.ts";

/** https://spec.matrix.org/v1.19/identity-service-api/#get_matrixidentityversions */
export const statusHandlers = {
  getVersions: () => ok({ versions: [specVersion] }),
  ping: () => ok({}),
} satisfies SomeHandlers;
