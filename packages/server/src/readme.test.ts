import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { serve } from "./fixtures/readme-example.ts";

test("the README's example is the one that is compiled", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = await readFile(new URL("./fixtures/readme-example.ts", import.meta.url), "utf8");
  const [, body = ""] = /export function serve[^\n]*\{\n(.*)\n\}\n/s.exec(example) ?? [];
  const lines = body.split("\n").map((line) => line.replace(/^ {2}/, ""));
  expect(lines.length).toBeGreaterThan(25);
  expect(readme).toContain(lines.join("\n"));
});

test("the README's example works", async () => {
  const removed: string[] = [];
  const server = serve({
    findByToken: async (token) => (token === "t" ? { id: "@a:h", deviceId: "D", guest: false } : undefined),
    checkPassword: async (userId, password) => userId === "@a:h" && password === "p",
    removeDevice: async (userId, deviceId) => void removed.push(userId, deviceId),
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/_matrix/client/v3/devices/E`; // listening on TCP
  const ask = async (auth?: object) => {
    const init = { method: "DELETE", headers: { Authorization: "Bearer t" }, body: JSON.stringify({ auth }) };
    const response = await fetch(url, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const { session } = (await ask()).body;
  const attempt = (user: string, password: string) =>
    ask({ type: "m.login.password", session, identifier: { type: "m.id.user", user }, password });
  expect((await attempt("@a:h", "wrong")).body["errcode"]).toBe("M_FORBIDDEN");
  expect((await attempt("@b:h", "p")).body["errcode"]).toBe("M_FORBIDDEN");
  expect(removed).toEqual([]);
  expect(await attempt("@a:h", "p")).toEqual({ status: 200, body: {} });
  expect(removed).toEqual(["@a:h", "E"]);
  await once(server.close(), "close");
});
