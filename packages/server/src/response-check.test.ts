import { describe, expect, test } from "vitest";
import { serve } from "./fixtures/tiny-server.ts";
import { error, html, ok, respond } from "./results.ts";

function checking(result: unknown) {
  const reports: string[] = [];
  const ask = serve(
    { getRoom: () => result as never, page: () => result as never },
    { validateResponses: true, onError: (reason) => reports.push((reason as Error).message) },
  );
  return async (target: string) => [(await ask(target)).status, ...reports];
}

describe("with validateResponses", () => {
  test("what is declared passes", async () => {
    expect(await checking(ok({ name: "x" }))("/rooms/a")).toEqual([200]);
    expect(await checking(error(404, "M_NOT_FOUND"))("/rooms/a")).toEqual([404]);
    expect(await checking(html(200, ""))("/page")).toEqual([200]);
  });

  test.each([
    ["an undeclared status", respond(202, {}), "/rooms/a", /getRoom answered 202/],
    ["an undeclared errcode", error(404, "M_FORBIDDEN"), "/rooms/a", /getRoom answered 404.*M_FORBIDDEN/],
    ["a wrong body", ok({}), "/rooms/a", /getRoom answered 200.*"name" in the answer is missing/],
    ["a body that JSON leaves out", ok({ nam: undefined }), "/rooms/a", /"name"/],
    ["HTML instead of JSON", html(200, ""), "/rooms/a", /getRoom answered 200 as html/],
    ["JSON instead of HTML", ok({}), "/page", /page answered 200 \(json\)/],
  ])("%s is a failure", async (_, result, target, message) => {
    const [status, report] = await checking(result)(target);
    expect(status).toBe(500);
    expect(report).toMatch(message);
  });

  test("without it nothing is checked", async () => {
    const ask = serve({ getRoom: () => respond(202, {}) });
    expect((await ask("/rooms/a")).status).toBe(202);
  });
});
