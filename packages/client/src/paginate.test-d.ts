import type { components } from "@matrix-openapi/definitions/client-server";
import type { Same } from "./fixtures/expect-type.ts";
import { expectType } from "./fixtures/expect-type.ts";
import { createMatrixClient, paginate } from "./index.ts";

const client = createMatrixClient({ baseUrl: "https://example.org" });
const room = { path: { roomId: "!r:h" } };

for await (const page of paginate(client, "GET /_matrix/client/v3/publicRooms")) {
  if (page.ok) expectType<Same<typeof page.data, components["schemas"]["PublicRooms"]>>();
  if (!page.ok && page.kind === "error" && page.status === 429) void page.error.retry_after_ms;
}
paginate(client, "POST /_matrix/client/v3/publicRooms", { body: { limit: 5 } });
paginate(client, "GET /_matrix/client/v1/rooms/{roomId}/threads", { params: room });

// @ts-expect-error an operation that answers all at once
paginate(client, "GET /_matrix/client/v3/devices");
// @ts-expect-error the path values are missing
paginate(client, "GET /_matrix/client/v1/rooms/{roomId}/threads");
// @ts-expect-error a required query parameter is missing
paginate(client, "GET /_matrix/client/v3/rooms/{roomId}/messages", { params: room });
// @ts-expect-error a misspelt query key
paginate(client, "GET /_matrix/client/v3/publicRooms", { params: { query: { form: "t" } } });
// @ts-expect-error a body where there is none
paginate(client, "GET /_matrix/client/v3/publicRooms", { body: {} });
