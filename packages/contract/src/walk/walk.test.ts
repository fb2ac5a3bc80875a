import { expect, test } from "vitest";
import { createHomeserver } from "../../test/homeserver.ts";
import { recaptchaResponse, registrationToken } from "../../test/homeserver/stages.ts";
import { reportText } from "../report-text.ts";
import { exitCode } from "../report.ts";
import { runContract } from "../run.ts";

function walkSmallServer() {
  const { fetch, inbox } = createHomeserver();
  return runContract({
    homeserver: "http://homeserver.test",
    fetch,
    mail: inbox,
    sms: inbox,
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
