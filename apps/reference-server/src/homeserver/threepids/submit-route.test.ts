import { afterAll, describe, expect, test } from "vitest";
import { readAnswer } from "../../fixtures/call.ts";
import type { Answer } from "../../fixtures/call.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { linkTo, open } from "./fixtures/messages.ts";

const day = 24 * 3600 * 1000;

const home = await startHomeserver({ validation: { maximumAttempts: 3 } });

afterAll(() => home[Symbol.asyncDispose]());

interface Started {
  readonly url: string;
  readonly link: string;
  readonly parameters: { readonly sid: string; readonly client_secret: string; readonly token: string };
}

async function start(email: string, fields: object = {}): Promise<Started> {
  const client_secret = "secret";
  const body = { client_secret, email, send_attempt: 1, ...fields };
  const { sid, submit_url } = (await home.call("POST", "/v3/register/email/requestToken", { body })).body;
  const link = await linkTo(home, email);
  const token = new URL(link).searchParams.get("token") ?? "";
  return { url: submit_url, link, parameters: { sid, client_secret, token } };
}

async function submit(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readAnswer(await fetch(url, { method: "POST", body: text, headers }));
}

const incorrect = { status: 400, body: { errcode: "M_TOKEN_INCORRECT" } };
const invalid = { status: 400, body: { errcode: "M_INVALID_PARAM" } };
const expired = { status: 400, body: { errcode: "M_SESSION_EXPIRED" } };

describe("rule 40: by POST, for clients, without an access token", () => {
  test("rules 34 and 35: the right token is taken, a wrong one is not", async () => {
    const { url, parameters } = await start("post@example.org", { next_link: "https://app.example.org/" });
    expect(await submit(url, { ...parameters, token: "wrong" })).toMatchObject(incorrect);
    const right = await submit(url, parameters);
    expect(right).toMatchObject({ status: 200, body: { success: true } });
    expect(right.headers.get("access-control-allow-origin")).toBe("*");
    expect(await submit(url, parameters)).toMatchObject({ status: 200, body: { success: true } });
  });

  test("an old client's form does as well", async () => {
    const { url, parameters } = await start("form@example.org");
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await submit(url, new URLSearchParams(parameters).toString(), headers)).body).toEqual({ success: true });
  });

  test("rules 36 and 38: a bad parameter, and what belongs to no session", async () => {
    const { url, parameters } = await start("invalid@example.org");
    for (const wrong of [
      { sid: "unknown" },
      { client_secret: "other" },
      { client_secret: "not opaque!" },
      { sid: "ü" },
      { sid: 1 },
      { token: null },
      { sid: "" },
    ]) {
      expect(await submit(url, { ...parameters, ...wrong }), JSON.stringify(wrong)).toMatchObject(invalid);
    }
  });

  test("a missing parameter, no object, no JSON, too much of it", async () => {
    const { url, parameters } = await start("malformed@example.org");
    const { token: _left, ...rest } = parameters;
    expect(await submit(url, rest)).toMatchObject({ status: 400, body: { errcode: "M_MISSING_PARAMS" } });
    expect(await submit(url, [])).toMatchObject(invalid);
    expect(await submit(url, "{")).toMatchObject({ status: 400, body: { errcode: "M_NOT_JSON" } });
    const huge = { ...parameters, token: "x".repeat(100_000) };
    expect(await submit(url, huge)).toMatchObject({ status: 413, body: { errcode: "M_TOO_LARGE" } });
  });

  test("after three wrong tokens the right one is too late", async () => {
    const { url, parameters } = await start("guess@example.org");
    for (let i = 0; i < 3; i++)
      expect(await submit(url, { ...parameters, token: `guess${i}` })).toMatchObject(incorrect);
    expect(await submit(url, parameters)).toMatchObject(expired);
  });

  test("rule 37: a day after the last change the session has expired", async () => {
    const { url, parameters, link } = await start("expired@example.org");
    home.clock.advance(day + 1);
    expect(await submit(url, parameters)).toMatchObject(expired);
    expect((await open(link)).status).toBe(400);
  });
});

describe("rule 40: by GET, for the person who follows the link", () => {
  test("there is a page to read, under a strict policy", async () => {
    const { link, url, parameters } = await start("get@example.org");
    const page = await open(link);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.text).toContain("get@example.org");
    expect(await submit(url, parameters)).toMatchObject({ status: 200 });
  });

  test("or the way back to the application", async () => {
    const { link } = await start("next@example.org", { next_link: "https://app.example.org/#/validated" });
    const answer = await open(link);
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe("https://app.example.org/#/validated");
  });

  test("a wrong or cut off link is told in words", async () => {
    const { link } = await start("cut@example.org");
    for (const broken of [
      link.slice(0, -2),
      link.replace(/&token=.*/, ""),
      link.replace(/sid=[^&]*/, "sid=<script>"),
    ]) {
      const page = await open(broken);
      expect(page.status).toBe(400);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(page.text).not.toContain("<script>");
    }
  });
});

test("other methods are refused, and a browser may ask first", async () => {
  const { url } = await start("methods@example.org");
  const put = await readAnswer(await fetch(url, { method: "PUT" }));
  expect(put).toMatchObject({ status: 405, body: { errcode: "M_UNRECOGNIZED" } });
  expect((await fetch(url, { method: "OPTIONS" })).status).toBe(204);
});
