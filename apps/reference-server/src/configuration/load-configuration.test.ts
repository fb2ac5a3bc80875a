import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import schema from "../config.schema.json" with { type: "json" };
import type { ConfigurationInput } from "./configuration.ts";
import { findProblems } from "./check-configuration.ts";
import { defaultConfiguration } from "./defaults.ts";
import { readConfigurationFile, resolveConfiguration } from "./load-configuration.ts";

interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly $ref?: string;
}

test("the schema's defaults are the ones that the server uses, field by field", () => {
  expect(defaultsOf(schema)).toEqual(defaultConfiguration);
  expect(findProblems(defaultConfiguration)).toEqual([]);
});

test("every field of the schema is described", () => {
  const undescribed: string[] = [];
  const visit = (value: Described, path: string): void => {
    for (const [name, field] of Object.entries(value.properties ?? {})) {
      if (field.description === undefined) undescribed.push(`${path}.${name}`);
      visit(field, `${path}.${name}`);
    }
  };
  visit(schema, "");
  expect(undescribed).toEqual([]);
});

test("what is given replaces the default, and its neighbours keep theirs", async () => {
  const configuration = await resolveConfiguration({
    passwordPolicy: { requireDigit: true },
    rateLimits: { login: false, registration: { requests: 1, perMs: 10 } },
    registration: { flows: [["m.login.registration_token"]] },
    outbound: { serverUrls: { "other.test": "http://127.0.0.1:1" } },
  });
  expect(configuration).toEqual({
    ...defaultConfiguration,
    passwordPolicy: { ...defaultConfiguration.passwordPolicy, requireDigit: true },
    rateLimits: { ...defaultConfiguration.rateLimits, login: false, registration: { requests: 1, perMs: 10 } },
    registration: { ...defaultConfiguration.registration, flows: [["m.login.registration_token"]] },
    outbound: { ...defaultConfiguration.outbound, serverUrls: { "other.test": "http://127.0.0.1:1" } },
  });
});

test.each<[string, unknown, string]>([
  ["an unknown field", { prot: 1 }, "prot is no known field; expected one of serverName, host, port"],
  ["an unknown nested field", { mail: { smtp: "x" } }, "mail.smtp is no known field; expected one of smtpUrl, from"],
  ["a wrong type", { port: "8008", mail: {} }, 'port is "8008"; expected: integer — The homeserver\'s port'],
  [
    "an unknown stage",
    { registration: { flows: [["m.login.magic"]] } },
    'registration.flows[0][0] is "m.login.magic"; expected one of "m.login.dummy"',
  ],
  ["a wrong rate limit", { rateLimits: { login: 5 } }, "rateLimits.login is 5; expected: Failed logins per account"],
  [
    "a slash at the end",
    { baseUrls: { homeserver: "https://example.org/" } },
    'baseUrls.homeserver is "https://example.org/"; expected',
  ],
  [
    "two flows that begin alike",
    { registration: { flows: [["m.login.dummy"], ["m.login.dummy", "m.login.terms"]] } },
    "registration.flows[1] begins with all of registration.flows[0]",
  ],
  [
    "recaptcha without keys",
    { registration: { flows: [["m.login.recaptcha"]] } },
    "recaptcha.siteKey or recaptcha.secret is missing",
  ],
  [
    "terms without policies",
    { registration: { flows: [["m.login.terms"]] } },
    "terms is empty; expected at least one policy",
  ],
  [
    "a network that is none",
    { outbound: { allowPrivateAddresses: ["10.0.0.0/99"] } },
    "outbound.allowPrivateAddresses: 10.0.0.0/99 is no network",
  ],
  [
    "a token without token",
    { registration: { tokens: [{ usesAllowed: 1 }] } },
    "registration.tokens[0].token is missing",
  ],
])("%s is refused by name", async (_kind, input, message) => {
  // wrong on purpose, as a JavaScript caller could be
  await expect(resolveConfiguration(input as ConfigurationInput, "server.json")).rejects.toThrow(
    `server.json:\n  ${message}`,
  );
});

test("a password in a URL does not reach the message", async () => {
  const failing = resolveConfiguration({ mail: { smtpUrl: "ftp://user:hunter2@host" } });
  await expect(failing).rejects.toThrow(/smtpUrl is "ftp:\/\/…@host"/);
});

test("a file is read, its $schema ignored; a missing one and one that is no JSON are named", async () => {
  const folder = mkdtempSync(join(tmpdir(), "configuration-"));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  expect(await readConfigurationFile(write("a.json", '{"$schema": "x", "port": 1}'))).toEqual({ port: 1 });
  await expect(readConfigurationFile(write("b.json", '{"port": 1,}'))).rejects.toThrow(/b\.json is not JSON: /);
  await expect(readConfigurationFile(join(folder, "c.json"))).rejects.toThrow(/c\.json cannot be read: ENOENT/);
  for (const text of ["[]", "null", "1"]) {
    await expect(readConfigurationFile(write("d.json", text))).rejects.toThrow(
      `d.json holds ${text}; expected an object`,
    );
  }
});

function defaultsOf(value: Described): unknown {
  if ("default" in value) return value.default;
  const fields = Object.entries(value.properties ?? {}).filter(([name]) => name !== "$schema");
  return Object.fromEntries(fields.map(([name, field]) => [name, defaultsOf(field)]));
}
