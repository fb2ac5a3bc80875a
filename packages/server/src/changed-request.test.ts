import { expect, test } from "vitest";
import { changedRequest } from "./changed-request.ts";
import { toOutgoing } from "./outgoing.ts";
import { ok } from "./results.ts";
import { toMatrixApi } from "./web-request.ts";

test("a changed request has its own parts, and all others of the request, whatever they rest on", async () => {
  const seen: unknown[] = [];
  const api = toMatrixApi(async (incoming) => {
    const signal = AbortSignal.abort();
    const changed = changedRequest(incoming, {
      header: () => "other",
      get signal() {
        return signal;
      },
    });
    seen.push(changed.method, changed.target, changed.header("x"), changed.signal === signal, changed.request.url);
    seen.push(new TextDecoder().decode((await changed.readBody(100)) ?? undefined));
    return toOutgoing(ok({}));
  });
  const url = "http://localhost/path";
  await api.fetch(new Request(url, { method: "PUT", body: "text", headers: { x: "1" } }), { rawPath: "/path" });
  expect(seen).toEqual(["PUT", "/path", "other", true, url, "text"]);
});
