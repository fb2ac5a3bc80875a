import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { resolveConfiguration } from "./configuration/load-configuration.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

test("the README's code is the tests that are run", async () => {
  const files = ["./fixtures/readme-example.test.ts", "./fixtures/readme-fixtures.test.ts"];
  const tests = await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), "utf8")));
  expect([...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)).toEqual(tests);
});

test("the README's configuration is accepted", async () => {
  const [, text = ""] = /```json\n(.*?)```/s.exec(readme) ?? [];
  const { registration, rateLimits } = await resolveConfiguration(JSON.parse(text));
  expect(registration).toMatchObject({ enabled: true, flows: [["m.login.registration_token"]] });
  expect(rateLimits.login).toBe(false);
});
