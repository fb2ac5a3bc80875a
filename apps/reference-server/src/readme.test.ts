import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { resolveConfiguration } from "./configuration/load-configuration.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

test("the README's first code is the test that is run", async () => {
  const example = await readFile(new URL("./fixtures/readme-example.test.ts", import.meta.url), "utf8");
  expect(/```ts\n(.*?)```/s.exec(readme)?.[1]).toBe(example);
});

test("the README's configuration is accepted", async () => {
  const [, text = ""] = /```json\n(.*?)```/s.exec(readme) ?? [];
  const { registration, rateLimits } = await resolveConfiguration(JSON.parse(text));
  expect(registration).toMatchObject({ enabled: true, flows: [["m.login.registration_token"]] });
  expect(rateLimits.login).toBe(false);
});
