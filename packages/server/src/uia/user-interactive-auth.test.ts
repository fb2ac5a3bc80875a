import { describe, expect, test } from "vitest";
import { password, startUiaServer } from "../fixtures/uia-server.ts";
import { createMemoryUiaStore, MatrixError } from "../index.ts";
import type { UiaSession } from "../index.ts";

const minutes = 60_000;
const dummy = (session: unknown) => ({ type: "m.login.dummy", session });
const terms = (session: unknown) => ({ type: "m.login.terms", session });
const twoStages = { flows: [["m.login.terms", "m.login.dummy"]] };

// Whether a session that is used after each of these pauses is still there.
async function survives(later: number[]) {
  const server = startUiaServer();
  const first = (await server.deleteDevice("D", {})).body;
  for (const step of later) {
    server.now += step;
    await server.deleteDevice("D", { auth: { session: first["session"] } });
  }
  return (await server.deleteDevice("D", { auth: { session: first["session"] } })).body["session"] === first["session"];
}

describe("the challenge", () => {
  test("rule 1, 2: without auth nothing happens, and the answer lists the flows", async () => {
    const server = startUiaServer({ flows: [["m.login.dummy"], ["m.login.password"]] });
    expect(await server.register({ username: "a" })).toEqual({
      status: 401,
      body: {
        flows: [{ stages: ["m.login.dummy"] }, { stages: ["m.login.password"] }],
        params: {},
        session: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    });
    expect(server.executed).toEqual([]);
  });

  test("rule 3: what is exempt goes through unasked", async () => {
    const server = startUiaServer();
    expect((await server.register({}, "?kind=guest")).status).toBe(200);
    expect((await server.register({}, "?kind=user")).status).toBe(401);
  });

  test("rule 4: params are those of the offered stages", async () => {
    const policies = { privacy: { version: "1", en: { name: "Privacy", url: "https://h/p" } } };
    const server = startUiaServer({
      ...twoStages,
      params: { "m.login.terms": { policies }, "m.login.recaptcha": { public_key: "x" } },
    });
    expect((await server.register({})).body["params"]).toEqual({ "m.login.terms": { policies } });
  });

  test("rule 5: each has a session of its own", async () => {
    const server = startUiaServer();
    expect((await server.register({})).body["session"]).not.toBe((await server.register({})).body["session"]);
  });

  test("rule 6: a missing token is no challenge where one is needed, and none is needed to change a password", async () => {
    const server = startUiaServer();
    const bare = new Request("http://h/_matrix/client/v3/devices/D", { method: "DELETE" });
    const answer = await (await server.api.fetch(bare)).json();
    expect(answer).toEqual({ errcode: "M_MISSING_TOKEN", error: expect.any(String) });
    expect((await server.changePassword({ new_password: "n" }, null)).body["flows"]).toBeDefined();
  });

  test("rule 17: what the operation checks before comes before", async () => {
    const server = startUiaServer();
    const answer = await server.register({ username: "reserved" });
    expect([answer.status, answer.body["errcode"]]).toEqual([400, "M_EXCLUSIVE"]);
  });
});

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

describe("the session belongs to one request", () => {
  test.each<[string, (server: ReturnType<typeof startUiaServer>, auth: object) => Promise<unknown>]>([
    ["operation", (server, auth) => server.deleteDevices({ devices: ["D"], auth })],
    ["path", (server, auth) => server.deleteDevice("E", { auth })],
    ["user", (server, auth) => server.deleteDevice("D", { auth }, "bob")],
  ])("rule 21: not to another %s", async (_, ask) => {
    const server = startUiaServer();
    const { session } = (await server.deleteDevice("D", {})).body;
    await server.uia.completeStage(String(session), "m.login.password");
    const answer = await ask(server, { session });
    expect(answer).toEqual({ status: 403, body: { errcode: "M_FORBIDDEN", error: expect.any(String) } });
    expect(server.executed).toEqual([]);
    expect((await server.deleteDevice("D", { auth: { session } })).status).toBe(200);
  });

  test("rule 21: not to other query parameters", async () => {
    const server = startUiaServer({ flows: [["m.login.dummy"]] });
    const { session } = (await server.register({})).body;
    expect((await server.register({ auth: dummy(session) }, "?kind=user")).status).toBe(403);
  });

  test("rule 21: an encoded path is the same path", async () => {
    const server = startUiaServer();
    const { session } = (await server.deleteDevice("D", {})).body;
    expect((await server.deleteDevice("%44", { auth: password(session) })).status).toBe(200);
  });

  test("rule 28: another user's credentials never count", async () => {
    const server = startUiaServer();
    const { session } = (await server.deleteDevice("D", {})).body;
    const answer = await server.deleteDevice("D", { auth: password(session, "bob") });
    expect([answer.status, answer.body["errcode"], server.executed]).toEqual([401, "M_FORBIDDEN", []]);
  });

  test("rule 28: nor do those of several users together", async () => {
    const server = startUiaServer({ flows: [["m.login.sso", "m.login.password"]] });
    const { session } = (await server.changePassword({ new_password: "n" }, null)).body;
    await server.uia.completeStage(String(session), "m.login.sso", { userId: "@alice:h" });
    const answer = await server.changePassword({ new_password: "n", auth: password(session, "bob") }, null);
    expect([answer.status, answer.body["errcode"]]).toEqual([401, "M_FORBIDDEN"]);
  });

  test("a stage says who was there, and leaves its evidence for the work", async () => {
    const server = startUiaServer();
    const { session } = (await server.changePassword({ new_password: "n" }, null)).body;
    await server.changePassword({ new_password: "n", auth: password(session) }, null);
    expect(server.executed).toEqual(['password n of @alice:h with {"m.login.password":{"by":"password"}}']);
  });

  test("the body may change until a stage is completed", async () => {
    const server = startUiaServer(twoStages);
    const { session } = (await server.register({ username: "a" })).body;
    await server.register({ username: "b", auth: terms(session) });
    const changed = await server.register({ username: "c", auth: dummy(session) });
    expect([changed.status, changed.body["errcode"]]).toEqual([403, "M_FORBIDDEN"]);
    expect((await server.register({ username: "b", auth: dummy(session) })).status).toBe(200);
  });

  test("a result is not repeated to another body", async () => {
    const server = startUiaServer();
    const { session } = (await server.changePassword({ new_password: "n" })).body;
    await server.changePassword({ new_password: "n", auth: password(session) });
    expect((await server.changePassword({ new_password: "m", auth: { session } })).status).toBe(403);
  });

  test("rule 17: a registration that lost its name may go on with another one", async () => {
    const server = startUiaServer(twoStages);
    server.taken.add("a");
    const { session } = (await server.register({ username: "a" })).body;
    await server.register({ username: "a", auth: terms(session) });
    expect((await server.register({ username: "a", auth: dummy(session) })).body["errcode"]).toBe("M_USER_IN_USE");
    expect((await server.register({ username: "b", auth: { session } })).body["user_id"]).toBe("@b:h");
    expect((await server.register({ username: "c", auth: { session } })).status).toBe(403);
  });

  test("another operation that failed may not", async () => {
    let fails = true;
    const server = startUiaServer({
      work: () => {
        if (fails) throw new MatrixError(403, "M_FORBIDDEN", "Not now.");
      },
    });
    const { session } = (await server.changePassword({ new_password: "n" })).body;
    const failed = await server.changePassword({ new_password: "n", auth: password(session) });
    expect(failed).toEqual({ status: 403, body: { errcode: "M_FORBIDDEN", error: "Not now." } });
    fails = false;
    expect((await server.changePassword({ new_password: "m", auth: { session } })).status).toBe(403);
    expect((await server.changePassword({ new_password: "n", auth: { session } })).status).toBe(200);
  });
});

describe("the session's time", () => {
  test.each<[string, number[], boolean]>([
    ["lives on for less than half an hour", [30 * minutes - 1], true],
    ["is over after half an hour without use", [30 * minutes], false],
    ["lives on while it is used", [20 * minutes, 20 * minutes, 20 * minutes], true],
    ["is over after two days at the latest", Array.from({ length: 145 }, () => 20 * minutes), false],
  ])("%s", async (_, later, alive) => expect(await survives(later)).toBe(alive));

  test("rule 22: an unknown or expired session gets a fresh one, and the reason", async () => {
    const server = startUiaServer();
    const { session } = (await server.deleteDevice("D", {})).body;
    server.now += 31 * minutes;
    for (const old of [session, "never-given"]) {
      const answer = await server.deleteDevice("D", { auth: password(old) });
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ errcode: "M_UNAUTHORIZED", flows: [{ stages: ["m.login.password"] }] });
      expect(answer.body["session"]).not.toBe(old);
    }
    expect(server.executed).toEqual([]);
  });

  test("a result is repeated for ten minutes, however often it is asked for", async () => {
    const server = startUiaServer({ flows: [["m.login.dummy"]] });
    const { session } = (await server.register({ username: "a" })).body;
    const result = await server.register({ username: "a", auth: dummy(session) });
    for (let minute = 1; minute < 10; minute += 1) {
      server.now += minutes;
      expect(await server.register({ username: "a", auth: { session } })).toEqual(result);
    }
    server.now += minutes;
    expect((await server.register({ username: "a", auth: { session } })).status).toBe(401);
    expect(server.executed).toHaveLength(1);
  });

  test("what is over is removed", async () => {
    const server = startUiaServer();
    const { session } = (await server.deleteDevice("D", {})).body;
    server.now += 31 * minutes;
    await server.deleteDevice("D", {});
    expect(await server.sessions.get(String(session))).toBeUndefined();
  });
});

describe("auth that cannot be right", () => {
  test("rule 23: a stage without the session gets one", async () => {
    const server = startUiaServer();
    const answer = await server.deleteDevice("D", { auth: { ...password(undefined), session: undefined } });
    expect([answer.status, answer.body["errcode"], server.evaluated]).toEqual([401, "M_MISSING_PARAM", 0]);
  });

  test.each<[string, (session: unknown) => object, string]>([
    ["a missing field", (session) => ({ type: "m.login.password", session, password: "x" }), "M_MISSING_PARAM"],
    ["a field of another type", (session) => ({ ...password(session), password: 5 }), "M_BAD_JSON"],
    ["a type that nobody knows", (session) => ({ type: "org.example.wink", session }), "M_BAD_JSON"],
    ["a type that is no string", (session) => ({ type: 5, session }), "M_BAD_JSON"],
    ["a stage that is not offered", (session) => ({ type: "m.login.terms", session }), "M_UNAUTHORIZED"],
  ])("%s is told on the same session", async (_, auth, errcode) => {
    const server = startUiaServer();
    const first = await server.deleteDevice("D", {});
    const answer = await server.deleteDevice("D", { auth: auth(first.body["session"]) });
    expect(answer).toEqual({ status: 401, body: { ...first.body, errcode, error: expect.any(String) } });
    expect(JSON.stringify(answer)).not.toContain("password-of");
  });

  test("a session that is no string gets a fresh one", async () => {
    const answer = await startUiaServer().deleteDevice("D", { auth: { session: 5 } });
    expect([answer.status, answer.body["errcode"]]).toEqual([401, "M_BAD_JSON"]);
  });

  test("auth that is no object is a bad body", async () => {
    const answer = await startUiaServer().deleteDevice("D", { auth: "secret" });
    expect([answer.status, answer.body["errcode"]]).toEqual([400, "M_BAD_JSON"]);
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
