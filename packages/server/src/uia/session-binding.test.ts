import { describe, expect, test } from "vitest";
import { password, startUiaServer } from "../fixtures/uia-server.ts";
import { MatrixError } from "../index.ts";

const dummy = (session: unknown) => ({ type: "m.login.dummy", session });
const terms = (session: unknown) => ({ type: "m.login.terms", session });
const twoStages = { flows: [["m.login.terms", "m.login.dummy"]] };

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

  test("rule 21: not to another operation of the same user without parameters", async () => {
    const server = startUiaServer();
    const { session } = (await server.loginToken({})).body;
    const answer = await server.changePassword({ new_password: "n", auth: password(session) });
    expect([answer.status, server.evaluated]).toEqual([403, 0]);
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
