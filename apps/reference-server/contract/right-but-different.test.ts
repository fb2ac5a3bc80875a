import type { Fetch } from "@matrix-openapi/contract";
import { runContract } from "@matrix-openapi/contract";
import { answerInstead, rewriteResponse } from "@matrix-openapi/contract/faults";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Target } from "./target.ts";
import { startTarget } from "./target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget({ registration: { flows: [["m.login.dummy"]] } });
});
afterAll(() => target.close());

/** What the specification leaves open, done otherwise than the reference homeserver does it. */
const habits: readonly { name: string; rules: readonly string[]; wrap: (next: Fetch) => Fetch }[] = [
  {
    name: "gives the same answer to the same sync without `since`",
    rules: ["cs-18", "cs-20", "cs-22", "cs-24", "cs-25", "cs-27", "cs-44", "cs-74"],
    wrap: remembersBeginnings,
  },
  {
    name: "refuses to let in whoever is banned or not invited by an error code of its own",
    rules: ["cs-37", "cs-38", "cs-77", "cs-78"],
    wrap: rewriteResponse(({ path }, { status }) =>
      path.endsWith("/join") && status === 403 ? { body: { errcode: "M_BAD_STATE", error: "Not you" } } : null,
    ),
  },
  {
    name: "shows new public rooms a little later",
    rules: ["cs-15"],
    wrap: isLate(({ method, path }) => method === "POST" && path.endsWith("/publicRooms"), { chunk: [] }),
  },
  {
    name: "carries a new name into the rooms a little later",
    rules: ["cs-59"],
    wrap: isLate(({ path }) => path.includes("/state/m.room.member/"), { membership: "join" }),
  },
  {
    name: "refuses an OpenID token by an error of its own",
    rules: ["is-12a"],
    wrap: rewriteResponse(({ path }, { status }) =>
      path.endsWith("/identity/v2/account/register") && status >= 400
        ? { status: 500, body: { errcode: "M_UNKNOWN", error: "The homeserver does not know it" } }
        : null,
    ),
  },
  {
    name: "has no single sign-on",
    rules: ["cs-64"],
    wrap: answerInstead(({ path }) =>
      path.includes("/login/sso/redirect") ? { status: 404, body: { errcode: "M_UNRECOGNIZED", error: "No" } } : null,
    ),
  },
];

describe("a server is not blamed that", () => {
  test.each(habits)("$name", async ({ rules, wrap }) => {
    const { results } = await runContract({ ...target.options, fetch: wrap(fetch), only: rules });
    expect(results.map(({ id }) => id).toSorted()).toEqual(rules);
    expect(results.filter(({ outcome }) => outcome.result !== "pass")).toEqual([]);
  });
});

test("a homeserver that lets nobody publish rooms is not asked for their list", async () => {
  const wrap = answerInstead(({ method, path }) =>
    method === "PUT" && path.includes("/directory/list/room/")
      ? { status: 403, body: { errcode: "M_FORBIDDEN", error: "Nobody may" } }
      : null,
  );
  const { results } = await runContract({ ...target.options, fetch: wrap(fetch), only: ["cs-15"] });
  expect(results.map(({ outcome }) => outcome)).toEqual([
    { result: "skip", reason: "users may not publish rooms here" },
  ]);
});

function remembersBeginnings(next: Fetch): Fetch {
  const given = new Map<string, Response>();
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.endsWith("/sync") || searchParams.has("since")) return next(request);
    const asked = `${request.headers.get("authorization") ?? ""} ${searchParams.toString()}`;
    const answer = given.get(asked) ?? (await next(request));
    given.set(asked, answer);
    return answer.clone();
  };
}

/** The first answers are those of before. */
function isLate(asks: (request: { method: string; path: string }) => boolean, before: object) {
  return (next: Fetch): Fetch => {
    let asked = 0;
    return answerInstead((request) => {
      asked += asks(request) ? 1 : 0;
      return asks(request) && asked < 3 ? { body: before } : null;
    })(next);
  };
}
