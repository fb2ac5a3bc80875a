import { expect, test } from "vitest";
import { createHomeserver } from "../../test/homeserver.ts";
import { recaptchaResponse, registrationToken } from "../../test/homeserver/stages.ts";
import type { Fault } from "../faults/fault.ts";
import { answerInstead } from "../faults/fault.ts";
import { reportText } from "../report-text.ts";
import { exitCode } from "../report.ts";
import { runContract } from "../run.ts";

function walkSmallServer(wrap: Fault["wrap"] = (next) => next, readsMessages = true) {
  const { fetch, inbox } = createHomeserver();
  return runContract({
    homeserver: "http://homeserver.test",
    fetch: wrap(fetch),
    ...(readsMessages && { mail: inbox, sms: inbox }),
    registrationToken,
    recaptchaResponse,
    timeout: 500,
    sleep: async () => {},
    sections: [],
    walk: true,
  });
}

test("reaches what a server has, and says of the rest why not", async () => {
  const { walked } = await walkSmallServer();
  expect(walked?.reached).toEqual(expect.arrayContaining(["register", "login", "changePassword", "deactivateAccount"]));
  const reasons = new Map(walked?.missing.map(({ operationId, reason }) => [operationId, reason]));
  expect(reasons.get("sendMessage")).toBe("the server does not have POST /_matrix/client/v3/createRoom");
  expect(reasons.get("getWellknown")).toMatch(/^it answered 404 /);
  expect(reasons.get("setAdminLockUser")).toBe("needs an administrator (--administrator)");
  expect((walked?.reached.length ?? 0) + reasons.size).toBe(walked?.total);
});

test("says of what a server does not claim yet which version brought it", async () => {
  const { walked } = await walkSmallServer(
    answerInstead(({ path }) => (path.endsWith("/versions") ? { body: { versions: ["v1.15"] } } : null)),
  );
  const reasons = new Map(walked?.missing.map(({ operationId, reason }) => [operationId, reason]));
  expect(reasons.get("setAdminLockUser")).toBe("it came with v1.18, which the server does not claim");
  expect(reasons.get("sendMessage")).toMatch(/^the server does not have/);
});

test("says how messages that the server sends could be read", async () => {
  const { walked } = await walkSmallServer((next) => next, false);
  const reasons = new Map(walked?.missing.map(({ operationId, reason }) => [operationId, reason]));
  const unread = "no way to read the";
  expect([reasons.get("requestTokenToRegisterEmail"), reasons.get("requestTokenToRegisterMSISDN")]).toEqual([
    `${unread} mail that the server sends (--smtp-port or --inbox)`,
    `${unread} SMS that the server sends (--inbox)`,
  ]);
});

test("asks with a token for public rooms that are for users only", async () => {
  const { walked } = await walkSmallServer(
    answerInstead(({ method, path, headers }) => {
      if (method !== "GET" || !path.endsWith("/publicRooms")) return null;
      if (headers.has("authorization")) return { body: { chunk: [] } };
      return { status: 401, body: { errcode: "M_MISSING_TOKEN", error: "For users only" } };
    }),
  );
  expect(walked?.reached).toContain("getPublicRooms");
});

test("is told in the report, and fails no run", async () => {
  const report = await walkSmallServer();
  const text = reportText(report);
  expect(text).toContain(
    `Operations that reached a documented success: ${report.walked?.reached.length} of ${report.walked?.total}`,
  );
  expect(text).toMatch(/needs a page to preview \(--preview-url\)\n {4}getUrlPreviewAuthed getUrlPreview/);
  expect(exitCode(report)).toBe(0);
});

test("is left out where only some rules are asked for", async () => {
  const { fetch } = createHomeserver();
  const report = await runContract({ homeserver: "http://homeserver.test", fetch, only: ["uia-48a"] });
  expect(report.walked).toBeNull();
});
