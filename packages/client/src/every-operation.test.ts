import { operations } from "@matrix-openapi/definitions/client-server/operations";
import type { OperationDescriptor } from "@matrix-openapi/definitions";
import { MatrixError } from "@matrix-openapi/server";
import type { ClientServerHandlers } from "@matrix-openapi/server";
import { expect, test } from "vitest";
import { describedExamples } from "./fixtures/described-examples.ts";
import { startHomeserver } from "./fixtures/homeserver.ts";
import { createMatrixClient } from "./matrix-client.ts";

// Both sides read the same description, but what one writes the other has to read over a wire that knows only text.
test("every operation's examples reach its handler as they are", async () => {
  const examples = await describedExamples();
  let seen: unknown;
  const handlers = Object.values(operations).map((operation): [string, unknown] => [
    operation.operationId,
    async ({ params, body }: { params: object; body: unknown }) => {
      const sent = body instanceof ReadableStream ? new Uint8Array(await new Response(body).arrayBuffer()) : body;
      seen = { operationId: operation.operationId, ...params, body: sent };
      throw new MatrixError(404, "M_NOT_FOUND", "Seen.");
    },
  ]);
  await using homeserver = await startHomeserver(Object.fromEntries(handlers) as Partial<ClientServerHandlers>);
  const client = createMatrixClient({ baseUrl: homeserver.url, session: homeserver.session });
  let calls = 0;
  for (const operation of Object.values<OperationDescriptor>(operations)) {
    const { operationId, method, path } = operation;
    for (const { body, ...params } of examples.get(operationId) ?? []) {
      const call = client[method] as unknown as UntypedCall; // the types are what other tests look at
      seen = undefined;
      const result = await call(path, { params, ...(body !== undefined && { body }), parseAs: undefined });
      expect(result, operationId).toMatchObject({ ok: false, status: 404, error: { error: "Seen." } });
      // Where no body is sent, a handler sees the empty object that means the same.
      const received = body ?? (operation.requestBody === null ? undefined : {});
      expect(seen, operationId).toEqual({ operationId, ...params, body: received });
      calls++;
    }
  }
  expect(calls).toBeGreaterThan(Object.keys(operations).length);
});

type UntypedCall = (path: string, init: object) => Promise<unknown>;
