import { expect, test } from "vitest";
import { sessionFromLogin } from "./session.ts";

const answer = { user_id: "@a:b", access_token: "a1", device_id: "D" };

test("a login makes a session", () => {
  expect(sessionFromLogin(answer)).toEqual({ userId: "@a:b", deviceId: "D", accessToken: "a1" });
});

test("the expiry of the first token is kept, counted from now", () => {
  expect(sessionFromLogin({ ...answer, refresh_token: "r1", expires_in_ms: 300_000 }, 1000)).toEqual({
    userId: "@a:b",
    deviceId: "D",
    accessToken: "a1",
    refreshToken: "r1",
    expiresAt: 301_000,
  });
});
