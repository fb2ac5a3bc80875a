import { describe, expect, test } from "vitest";
import { password, startUiaServer } from "../fixtures/uia-server.ts";
import { createMemoryUiaStore } from "../index.ts";
import type { UiaSession, UiaSessionStore } from "../index.ts";

const registration = (session: unknown) => ({ username: "a", auth: { type: "m.login.dummy", session } });
const flows = [["m.login.dummy"]];
const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));

// What a database of several processes is to this one: the same rows, each read a copy.
function sharedStore(): UiaSessionStore {
  const memory = createMemoryUiaStore();
  return {
    ...memory,
    async get(id) {
      await pause();
      return structuredClone(await memory.get(id));
    },
  };
}

describe("the last request", () => {
  test("a hundred at once: one execution, the same answer to all", async () => {
    const server = startUiaServer({ flows, work: pause });
    const { session } = (await server.register({ username: "a" })).body;
    const answers = await Promise.all(times(100, () => server.register(registration(session))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, body: { access_token: "token-1" } });
    expect(server.executed).toHaveLength(1);
  });

  test("a hundred at once through two processes: the same", async () => {
    const store = sharedStore();
    const servers = [
      startUiaServer({ flows, store, work: pause }),
      startUiaServer({ flows, store, work: pause }),
    ] as const;
    const { session } = (await servers[0].register({ username: "a" })).body;
    const answers = await Promise.all(
      times(100, (index) => servers[index % 2 === 0 ? 0 : 1].register(registration(session))),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(servers[0].executed.length + servers[1].executed.length).toBe(1);
  });

  test("a hundred at once of a handler that only requires: the same", async () => {
    const server = startUiaServer({ flows, work: pause });
    const { session } = (await server.loginToken({})).body;
    const auth = { type: "m.login.dummy", session };
    const answers = await Promise.all(times(100, () => server.loginToken({ auth })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body["login_token"])}`))).toEqual(
      new Set(["200 login-1"]),
    );
  });

  test("a hundred at once with an error: one attempt, the same error to all", async () => {
    const server = startUiaServer({ flows, work: pause });
    server.taken.add("a");
    const { session } = (await server.register({ username: "a" })).body;
    const answers = await Promise.all(times(100, () => server.register(registration(session))));
    expect(new Set(answers.map(({ body }) => body["errcode"]))).toEqual(new Set(["M_USER_IN_USE"]));
    expect(server.executed).toHaveLength(1);
  });

  test("a hundred right and wrong passwords at once: one execution, and no 500", async () => {
    const server = startUiaServer({ work: pause });
    const { session } = (await server.deleteDevice("D", {})).body;
    const secrets = times(100, (index) => (index % 2 === 0 ? undefined : "wrong"));
    const answers = await Promise.all(
      secrets.map((secret) => server.deleteDevice("D", { auth: password(session, "alice", secret) })),
    );
    expect(server.executed).toEqual(["delete D"]);
    expect(answers.filter((_, index) => index % 2 === 0).map(({ status }) => status)).toEqual(times(50, () => 200));
    expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true);
  });

  test("ten wrong passwords at once: each is looked at once, and counts", async () => {
    const server = startUiaServer();
    const { session } = (await server.deleteDevice("D", {})).body;
    const auth = password(session, "alice", "wrong");
    const answers = await Promise.all(times(10, () => server.deleteDevice("D", { auth })));
    expect(answers.map(({ body }) => body["errcode"])).toEqual(times(10, () => "M_FORBIDDEN"));
    expect([server.evaluated, (await server.uia.session(String(session)))?.failures]).toEqual([10, 10]);
  });

  test("once done, the session keeps no evidence", async () => {
    const server = startUiaServer();
    const { session } = (await server.deleteDevice("D", {})).body;
    await server.deleteDevice("D", { auth: password(session) });
    const done = await server.uia.session(String(session));
    expect(done).toMatchObject({ state: "done", completed: [{ type: "m.login.password", evidence: null }] });
  });

  test("while one body executes another one is refused, not given its result", async () => {
    const server = startUiaServer({ flows, work: pause });
    server.taken.add("a");
    const { session } = (await server.register({ username: "a" })).body;
    await server.register(registration(session));
    const [mine, other] = await Promise.all([
      server.register({ username: "b", auth: { session } }),
      pause().then(() => server.register({ username: "c", auth: { session } })),
    ]);
    expect([mine.body["user_id"], other.status]).toEqual(["@b:h", 403]);
  });
});

describe("an execution that breaks", () => {
  test("is a 500, reported, and may be tried again", async () => {
    let broken = true;
    const reason = new Error("disk full");
    const server = startUiaServer({
      flows,
      work: () => {
        if (broken) throw reason;
      },
    });
    const { session } = (await server.register({ username: "a" })).body;
    const answer = await server.register(registration(session));
    expect([answer.status, answer.body["errcode"], server.errors]).toEqual([500, "M_UNKNOWN", [reason]]);
    broken = false;
    expect((await server.register(registration(session))).status).toBe(200);
  });

  test("with its process is taken over when its lease has ended, and not before", async () => {
    const server = startUiaServer({ flows });
    const { session } = (await server.register({ username: "a" })).body;
    const row = (await server.sessions.get(String(session))) as UiaSession; // created above
    const completed = [{ type: "m.login.dummy", evidence: null, userId: null }];
    const leaseEnd = server.now + 30_000;
    await server.sessions.update({ ...row, revision: row.revision + 1, completed, state: "executing", leaseEnd });

    const waiting = server.register({ username: "a", auth: { session } });
    await pause();
    expect(server.executed).toEqual([]);
    server.now += 30_000;
    expect((await waiting).status).toBe(200);
    expect(server.executed).toHaveLength(1);
  });

  test("slower than its lease commits nothing, and answers what the other one did", async () => {
    const committed: string[] = [];
    let written: string[] = [];
    const memory = createMemoryUiaStore();
    const store: UiaSessionStore = {
      ...memory,
      // A transaction of a database: what was written in it counts only when it resolves.
      async transaction(work) {
        const before = written;
        written = [];
        try {
          const value = await work(undefined);
          committed.push(...written);
          return value;
        } finally {
          written = before;
        }
      },
    };
    const { promise: blocked, resolve: proceed } = Promise.withResolvers<void>();
    const slow = startUiaServer({ flows, store, work: () => blocked });
    const quick = startUiaServer({ flows, store, work: () => written.push("quick") });
    const { session } = (await slow.register({ username: "a" })).body;
    const first = slow.register(registration(session));
    await pause();
    quick.now += 30_000;
    const second = await quick.register(registration(session));
    written.push("slow");
    proceed();
    expect(await first).toEqual(second);
    expect(committed).toEqual(["quick"]);
  });

  test("returned as an error rolls its transaction back", async () => {
    const outcomes: string[] = [];
    const memory = createMemoryUiaStore();
    const store: UiaSessionStore = {
      ...memory,
      transaction: (work) =>
        work(undefined).then(
          (value) => (outcomes.push("committed"), value),
          (reason: unknown) => {
            outcomes.push("rolled back");
            throw reason;
          },
        ),
    };
    const server = startUiaServer({ flows, store });
    server.taken.add("a");
    const { session } = (await server.register({ username: "a" })).body;
    await server.register(registration(session));
    await server.register({ username: "b", auth: { session } });
    await server.register({}, "?kind=guest");
    expect(outcomes).toEqual(["rolled back", "committed", "committed"]);
  });
});
