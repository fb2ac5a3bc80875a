import { describe, expect, test } from "vitest";
import { password, startUiaServer } from "../fixtures/uia-server.ts";
import { createMemoryUiaStore, MatrixError } from "../index.ts";
import type { UiaSession } from "../index.ts";

const dummy = (session: unknown) => ({ type: "m.login.dummy", session });
const terms = (session: unknown) => ({ type: "m.login.terms", session });
const twoStages = { flows: [["m.login.terms", "m.login.dummy"]] };

describe("progress", () => {
  test("rule 8, 9, 18: stage by stage to the result", async () => {
    const server = startUiaServer(twoStages);
    const first = await server.register({ username: "a" });
    const { session } = first.body;
    const second = await server.register({ username: "a", auth: terms(session) });
    expect(second).toEqual({ status: 401, body: { ...first.body, completed: ["m.login.terms"] } });
    const third = await server.register({ username: "a", auth: dummy(session) });
    expect(third).toEqual({ status: 200, body: { user_id: "@a:h", access_token: "token-1", device_id: "D" } });
    expect(server.executed).toEqual(["register a by m.login.terms+m.login.dummy"]);
  });

  test("rule 9: flows stay as they were offered although the server's change", async () => {
    const flows = [["m.login.dummy"]];
    const server = startUiaServer({ flows });
    const { session } = (await server.register({})).body;
    flows[0] = ["m.login.password"];
    expect((await server.register({ auth: { session } })).body["flows"]).toEqual([{ stages: ["m.login.dummy"] }]);
  });

  test("rule 10: out of order does not count", async () => {
    const server = startUiaServer(twoStages);
    const { session } = (await server.register({})).body;
    const early = await server.register({ auth: dummy(session) });
    expect([early.status, early.body["errcode"], early.body["completed"]]).toEqual([401, "M_UNAUTHORIZED", undefined]);
  });

  test("rule 10: a stage of another flow does not fit what is completed", async () => {
    const server = startUiaServer({ flows: [["m.login.terms", "m.login.dummy"], ["m.login.password"]] });
    const { session } = (await server.register({})).body;
    await server.register({ auth: terms(session) });
    const mixed = await server.register({ auth: password(session) });
    expect([mixed.status, mixed.body["errcode"], mixed.body["completed"]]).toEqual([
      401,
      "M_UNAUTHORIZED",
      ["m.login.terms"],
    ]);
    expect(server.evaluated).toBe(0);
  });

  test.each([0, 1])("rule 11: flow %i works to its end", async (index) => {
    const flows = [["m.login.dummy"], ["m.login.password"]];
    const server = startUiaServer({ flows });
    const { session } = (await server.register({ username: "alice" })).body;
    const auth = index === 0 ? dummy(session) : password(session);
    expect((await server.register({ username: "alice", auth })).status).toBe(200);
  });

  test("rule 12: a stage of several requests adds its keys and is not completed", async () => {
    const server = startUiaServer({ flows: [["m.login.msisdn"]] });
    const first = await server.register({});
    const { session } = first.body;
    const auth = { type: "m.login.msisdn", session, threepid_creds: { sid: "s", client_secret: "c" } };
    expect(await server.register({ auth })).toEqual({
      status: 401,
      body: { ...first.body, submit_url: "https://h/submit" },
    });
  });

  test("rule 13, 14, 15: a failed attempt changes nothing but is told, and may be repeated", async () => {
    const server = startUiaServer();
    const first = await server.deleteDevice("D", {});
    const { session } = first.body;
    const failed = await server.deleteDevice("D", { auth: password(session, "alice", "wrong") });
    expect(failed).toEqual({ status: 401, body: { ...first.body, errcode: "M_FORBIDDEN", error: "Wrong." } });
    expect((await server.uia.session(String(session)))?.failures).toBe(1);
    expect(server.executed).toEqual([]);
    expect((await server.deleteDevice("D", { auth: password(session) })).status).toBe(200);
    expect(server.executed).toEqual(["delete D"]);
  });

  test("rule 16: another reason than auth is a standard error, and the session goes on", async () => {
    const server = startUiaServer({ flows: [["m.login.dummy"]] });
    server.taken.add("a");
    const { session } = (await server.register({ username: "a" })).body;
    const answer = await server.register({ username: "a", auth: dummy(session) });
    expect(answer).toEqual({ status: 400, body: { errcode: "M_USER_IN_USE", error: "User in use" } });
  });

  test("a stage may refuse the request altogether, as a rate limit does", async () => {
    const stages = {
      "m.login.recaptcha": () => {
        throw new MatrixError(429, "M_LIMIT_EXCEEDED", "Wait.", { retry_after_ms: 1000 });
      },
    };
    const server = startUiaServer({ flows: [["m.login.recaptcha"]], stages });
    const { session } = (await server.register({})).body;
    const answer = await server.register({ auth: { type: "m.login.recaptcha", response: "x", session } });
    expect(answer).toEqual({
      status: 429,
      body: { errcode: "M_LIMIT_EXCEEDED", error: "Wait.", retry_after_ms: 1000 },
    });
  });

  test("rule 19: a completed stage is not looked at again, however bad the credential", async () => {
    const server = startUiaServer({ flows: [["m.login.password", "m.login.dummy"]] });
    const { session } = (await server.deleteDevice("D", {})).body;
    const once = await server.deleteDevice("D", { auth: password(session) });
    const again = await server.deleteDevice("D", { auth: password(session, "alice", "wrong") });
    const malformed = await server.deleteDevice("D", { auth: { type: "m.login.password", session } });
    expect([again, malformed]).toEqual([once, once]);
    expect(once.body["completed"]).toEqual(["m.login.password"]);
    expect(server.evaluated).toBe(1);
  });

  test("rule 19: and once all is done it gets the result", async () => {
    const server = startUiaServer();
    const { session } = (await server.deleteDevice("D", {})).body;
    await server.deleteDevice("D", { auth: password(session) });
    const again = await server.deleteDevice("D", { auth: password(session, "alice", "wrong") });
    expect([again, server.evaluated, server.executed]).toEqual([{ status: 200, body: {} }, 1, ["delete D"]]);
  });

  test("rule 20: the session alone says how far it is, and completes what was completed elsewhere", async () => {
    const server = startUiaServer();
    const first = await server.deleteDevice("D", {});
    const { session } = first.body;
    expect(await server.deleteDevice("D", { auth: { session } })).toEqual(first);
    expect(await server.uia.completeStage(String(session), "m.login.password")).toBe("completed");
    expect(await server.deleteDevice("D", { auth: { session } })).toEqual({ status: 200, body: {} });
  });
});

describe("stages", () => {
  test("rule 29: a captcha may be tried again", async () => {
    const server = startUiaServer({
      flows: [["m.login.recaptcha"]],
      params: { "m.login.recaptcha": { public_key: "k" } },
    });
    const { session } = (await server.register({ username: "a" })).body;
    const attempt = (response: string) =>
      server.register({ username: "a", auth: { type: "m.login.recaptcha", session, response } });
    expect((await attempt("wrong")).body["errcode"]).toBe("M_CAPTCHA_INVALID");
    expect((await attempt("k")).status).toBe(200);
  });

  test("rule 30, 40: a stage without a handler goes on after its fallback page", async () => {
    const server = startUiaServer({ flows: [["m.login.sso", "m.login.dummy"]] });
    const { session } = (await server.deleteDevice("D", {})).body;
    const id = String(session);
    expect(await server.uia.completeStage(id, "m.login.dummy")).toBe("not-next");
    expect(await server.uia.completeStage(id, "m.login.sso", { userId: "@bob:h" })).toBe("another-user");
    expect(await server.uia.completeStage(id, "m.login.sso", { userId: "@alice:h" })).toBe("completed");
    expect(await server.uia.completeStage(id, "m.login.sso")).toBe("already-completed");
    expect(await server.uia.completeStage("other", "m.login.sso")).toBe("unknown-session");
    expect((await server.deleteDevice("D", { auth: { session } })).body["completed"]).toEqual(["m.login.sso"]);
    expect((await server.deleteDevice("D", { auth: dummy(session) })).status).toBe(200);
  });

  test("a stage that only a fallback page completes says so when it is attempted", async () => {
    const server = startUiaServer({ flows: [["m.login.registration_token"]] });
    const { session } = (await server.register({})).body;
    const answer = await server.register({ auth: { type: "m.login.registration_token", token: "t", session } });
    expect([answer.status, answer.body["errcode"]]).toEqual([401, "M_UNRECOGNIZED"]);
  });

  test("rule 42: getting a login token asks each time", async () => {
    const server = startUiaServer({ flows: [["m.login.dummy"]] });
    for (const token of ["login-1", "login-2"]) {
      const { session } = (await server.loginToken({})).body;
      expect((await server.loginToken({ auth: dummy(session) })).body["login_token"]).toBe(token);
    }
  });

  test("no credential is kept", async () => {
    const written: UiaSession[] = [];
    const memory = createMemoryUiaStore();
    const store = { ...memory, update: (session: UiaSession) => (written.push(session), memory.update(session)) };
    const server = startUiaServer({ store, flows: [["m.login.password", "m.login.dummy"]] });
    const { session } = (await server.changePassword({ new_password: "new-secret" })).body;
    await server.changePassword({ new_password: "new-secret", auth: password(session) });
    await server.changePassword({ new_password: "new-secret", auth: dummy(session) });
    expect(written.length).toBeGreaterThan(2);
    expect(JSON.stringify(written)).not.toMatch(/password-of-alice|new-secret/);
  });
});
