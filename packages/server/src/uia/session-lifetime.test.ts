import { describe, expect, test } from "vitest";
import { password, startUiaServer } from "../fixtures/uia-server.ts";

const minutes = 60_000;
const dummy = (session: unknown) => ({ type: "m.login.dummy", session });

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
