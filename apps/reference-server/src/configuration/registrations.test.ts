import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveConfiguration } from "./load-configuration.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "registrations-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const registration = {
  id: "irc",
  url: "http://127.0.0.1:1234",
  as_token: "a",
  hs_token: "h",
  sender_localpart: "_irc_bot",
  namespaces: { users: [{ exclusive: true, regex: "@_irc_bridge_.*" }], rooms: [] },
};

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("registrations are read from YAML and JSON, with what only some servers know in them", async () => {
  const yaml = file(
    "irc.yaml",
    `id: irc
url: "http://127.0.0.1:1234"
as_token: a
hs_token: h
sender_localpart: _irc_bot
namespaces:
  users:
    - exclusive: true
      regex: "@_irc_bridge_.*"
  rooms: []
org.example.extra: true
`,
  );
  const second = { ...registration, id: "second", as_token: "b", sender_localpart: "second" };
  const json = file("second.json", JSON.stringify(second));
  const third = { ...second, id: "third", as_token: "c", sender_localpart: "third", url: null };
  const { applicationServices } = await resolveConfiguration({ applicationServices: [yaml, json, third] });
  expect(applicationServices).toEqual([{ ...registration, "org.example.extra": true }, second, third]);
});

test.each([
  ["that cannot be read", "nowhere.yaml", undefined, /nowhere\.yaml cannot be read: ENOENT/],
  ["that is no YAML", "broken.yaml", "a: [", /broken\.yaml is no YAML: .* at line 1, column 5$/],
  ["that has a secret where it is wrong", "secret.yaml", "as_token: *hunter2", /is no YAML: Unresolved alias [^:]*$/],
  ["that is a text", "text.yaml", "other.yaml", /is a text; expected the fields/],
  ["that lacks something", "part.yaml", "id: irc", /applicationServices\[0\]\.as_token is missing/],
])("a file %s is told of", async (_what, name, text, message) => {
  const path = text === undefined ? join(folder, name) : file(name, text);
  await expect(resolveConfiguration({ applicationServices: [path] })).rejects.toThrow(message);
});

test("what only one service may have, and what is no expression, is told of", async () => {
  const other = { ...registration, id: "other", as_token: "b", sender_localpart: "other" };
  const check = (second: object) =>
    expect(resolveConfiguration({ applicationServices: [registration, { ...other, ...second }] })).rejects;
  await check({ id: "irc" }).toThrow("applicationServices[1].id is irc again");
  await check({ as_token: "a" }).toThrow("applicationServices[1].as_token is that of another service");
  await check({ sender_localpart: "_irc_bot" }).toThrow("sender_localpart is _irc_bot again");
  await check({ namespaces: { rooms: [{ exclusive: false, regex: "(" }] } }).toThrow("has the regex (;");
  await check({ as_token: "secret with spaces" }).not.toThrow("secret");
});
