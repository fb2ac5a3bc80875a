import { expect, test } from "vitest";
import { password, passwordOf, startHomeserver } from "../fixtures/homeserver.ts";

const minute = 60_000;

test("wrong passwords are counted together at login and in user-interactive auth, and lock no other account", async () => {
  await using home = await startHomeserver({ rateLimits: { login: { requests: 4, perMs: minute } } });
  const { access_token: token } = await home.register("alice");
  await home.register("bob");
  const wrongStage = () => home.authenticated("DELETE", "/v3/devices/X", passwordOf("alice", "wrong"), { token });

  for (let attempt = 0; attempt < 2; attempt++) {
    expect((await home.login("alice", { password: "wrong" })).status).toBe(403);
    expect((await wrongStage()).status).toBe(401);
  }
  const limited = await home.login("alice");
  expect(limited).toMatchObject({ status: 429, body: { errcode: "M_LIMIT_EXCEEDED" } });
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await wrongStage()).status).toBe(429);
  expect((await home.login("bob")).status).toBe(200);
  home.clock.advance(minute);
  expect((await home.login("alice")).status).toBe(200);
});

test("right passwords are not counted", async () => {
  await using home = await startHomeserver({ rateLimits: { login: { requests: 1, perMs: minute } } });
  await home.register("alice");
  for (let attempt = 0; attempt < 3; attempt++) expect((await home.login("alice")).status).toBe(200);
});

test("an account that does not exist is limited in the same way", async () => {
  await using home = await startHomeserver({ rateLimits: { login: { requests: 1, perMs: minute } } });
  expect((await home.login("nobody")).status).toBe(403);
  expect((await home.login("nobody")).status).toBe(429);
});

test("guesses made side by side gain nothing", async () => {
  await using home = await startHomeserver({ rateLimits: { login: { requests: 3, perMs: minute } } });
  await home.register("alice");
  const guesses = [...Array.from({ length: 30 }, (_, index) => `guess ${index}`), password];
  const answers = await Promise.all(guesses.map((guess) => home.login("alice", { password: guess })));
  const told = answers.filter(({ status }) => status !== 429);
  expect(told.length).toBeLessThanOrEqual(4);
});
