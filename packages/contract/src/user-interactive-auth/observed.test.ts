import { expect, test } from "vitest";
import type { Exchange } from "../exchange.ts";
import { answersHaveCors } from "./observed.ts";

const without: Exchange = {
  server: "homeserver",
  method: "GET",
  url: "http://hs.test/_matrix/client/v3/login",
  requestHeaders: {},
  requestBody: undefined,
  status: 200,
  headers: new Headers(),
  text: "",
  bytes: new Uint8Array(),
  json: undefined,
};

test("web clients read answers, and only lead people to pages", () => {
  const judge = (path: string) => {
    const url = `http://hs.test/_matrix/client/v3${path}`;
    return answersHaveCors.testable === true && answersHaveCors.observe?.({ ...without, url });
  };
  expect(judge("/login")).toMatchObject({ result: "fail" });
  expect(judge("/auth/m.login.terms/fallback/web")).toBeNull();
  expect(judge("/login/sso/redirect")).toBeNull();
});
