import { describe, expect, test } from "vitest";
import { password, startUiaServer } from "../fixtures/uia-server.ts";

const twoStages = { flows: [["m.login.terms", "m.login.dummy"]] };

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

  test("params may name their session", async () => {
    const params = { "m.oauth": (session: string) => ({ url: `https://h/confirm?session=${session}` }) };
    const { body } = await startUiaServer({ flows: [["m.oauth"]], params }).register({});
    expect(body["params"]).toEqual({ "m.oauth": { url: `https://h/confirm?session=${String(body["session"])}` } });
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

describe("auth that cannot be right", () => {
  test("rule 23: a first attempt may come before a session was issued, and opens its own", async () => {
    const server = startUiaServer();
    const wrong = await server.deleteDevice("D", { auth: { ...password(undefined), password: "wrong" } });
    expect([wrong.status, wrong.body["errcode"], wrong.body["session"]]).toEqual([
      401,
      "M_FORBIDDEN",
      expect.any(String),
    ]);
    const right = await server.deleteDevice("D", { auth: { ...password(undefined), session: undefined } });
    expect([right.status, server.evaluated]).toEqual([200, 2]);
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
