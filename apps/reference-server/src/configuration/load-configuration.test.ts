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
  [
    "a wrong rate limit",
    { rateLimits: { login: true } },
    "rateLimits.login is true; expected false or an object with requests and perMs — Failed logins",
  ],
  [
    "half a limit of an operation",
    { rateLimits: { operations: { joinRoom: { requests: 1 } } } },
    "rateLimits.operations.joinRoom.perMs is missing",
  ],
  [
    "a limit of no operation",
    { rateLimits: { operations: { "*": false, sendMesage: { requests: 1, perMs: 1 } } } },
    "rateLimits.operations.sendMesage is no operation; expected an operationId such as joinRoom, or *",
  ],
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
  [
    "one token twice",
    { registration: { tokens: [{ token: "a" }, { token: "b" }, { token: "a" }] } },
    "registration.tokens[2].token is that of registration.tokens[0] again",
  ],
  [
    "an identity server with a path",
    { identity: { trustedServers: ["ex.org:8090", "a/b"] } },
    'identity.trustedServers[1] is "a/b"; expected',
  ],
  ["an empty host", { host: "" }, "host is empty; expected one that is not — The address"],
  ["a host that is none", { host: 5 }, "host is 5; expected: string — The address"],
  ["a port that is none", { inboxPort: -1 }, "inboxPort is -1; expected: >= 0 — The inbox's port"],
  [
    "a time that no clock gets to",
    { tokens: { accessTokenLifetimeMs: Number.MAX_SAFE_INTEGER } },
    "tokens.accessTokenLifetimeMs is 9007199254740991; expected: <= 31557600000000 — ",
  ],
  ["an empty database", { database: "" }, "database is empty; expected one that is not"],
  ["unknown work", { passwordHashing: "none" }, 'passwordHashing is "none"; expected one of "production", "test"'],
  [
    "a base URL that is none",
    { baseUrls: { identity: "https://[" } },
    'baseUrls.identity is "https://["; expected a URL',
  ],
  ["a webhook that is none", { sms: { webhookUrl: "http://a:b@[" } }, 'sms.webhookUrl is "http://…@["; expected a URL'],
  [
    "a server URL that is none",
    { outbound: { serverUrls: { "x.org": "http://x:99999" } } },
    "outbound.serverUrls.x.org is",
  ],
  ["a recaptcha URL that is none", { recaptcha: { verifyUrl: "http://%" } }, "recaptcha.verifyUrl is"],
  [
    "an SMTP URL that is none",
    { mail: { smtpUrl: "smtp://u:p@[" } },
    "mail.smtpUrl is no URL, and not shown because it may be secret; expected one like smtp://",
  ],
  [
    "a policy's URL that is none",
    { terms: { p: { version: "1", en: { name: "x", url: "https://a{b}" } } } },
    'terms.p.en.url is "https://a{b}"; expected a URL',
  ],
])("%s is refused by name", async (_kind, input, message) => {
  // wrong on purpose, as a JavaScript caller could be
  await expect(resolveConfiguration(input as ConfigurationInput)).rejects.toThrow(`the configuration:\n  ${message}`);
});

test.each([
  [{ rateLimits: { login: { requests: 0, perms: 1 } } }, ["requests is 0", "perms is no known field"]],
  [{ outbound: { allowPrivateAddresses: [5] } }, ["allowPrivateAddresses[0] is 5"]],
  [{ outbound: { allowPrivateAddresses: 5 } }, ["allowPrivateAddresses is 5; expected boolean or a list"]],
])("%j is told by what is wrong inside, and by nothing else", (input, expected) => {
  const problems = findProblems(input).toSorted();
  expect(problems).toEqual(expected.toSorted().map((text) => expect.stringContaining(text) as string));
});

test("rate limits are switched off one by one, or all at once", async () => {
  const { login, registration } = (await resolveConfiguration({ rateLimits: { login: false } })).rateLimits;
  expect([login, registration]).toEqual([false, defaultConfiguration.rateLimits.registration]);
  const { rateLimits } = await resolveConfiguration({ rateLimits: false });
  const off = { login: false, registration: false, userInteractiveAuth: false, requestToken: false, operations: {} };
  expect(rateLimits).toEqual(off);
  const wrong = { rateLimits: true } as object; // wrong on purpose, as a file could be
  await expect(resolveConfiguration(wrong)).rejects.toThrow("rateLimits is true; expected: ");
});

test("URLs are written as URIs, and get no slash that was not there", async () => {
  const { baseUrls, wellKnown, outbound } = await resolveConfiguration({
    baseUrls: { homeserver: "https://ex.org", identity: "https://EX.org/a/.." },
    wellKnown: { homeserver: "https://[::1]:80/ü" },
    outbound: { serverUrls: { "x.org": "http://exämple.org:1" } },
  });
  expect(baseUrls).toEqual({ homeserver: "https://ex.org", identity: "https://ex.org" });
  expect(wellKnown.homeserver).toBe("https://[::1]:80/%C3%BC");
  expect(outbound.serverUrls).toEqual({ "x.org": "http://xn--exmple-cua.org:1" });
});

test("a password in a URL does not reach the message", async () => {
  const failing = resolveConfiguration({ outbound: { serverUrls: { "x.org": "ftp://user:hunter2@host" } } });
  await expect(failing).rejects.toThrow(/serverUrls\S+ is "ftp:\/\/…@host"/);
});

test.each<[string, unknown, string]>([
  ["", "hunter2", "a text"],
  ["turn", "hunter2", "a text"],
  ["turn.sharedSecret", ["hunter2"], "a list"],
  ["registration.tokens[0]", "hunter2", "a text"],
  ["registration.tokens[0].token", "hunter2 ", "a text"],
  ["recaptcha.secret", { hunter2: 1 }, "an object"],
  ["mail.smtpUrl", "hunter2", "a text"],
  ["sms.headers", "hunter2", "a text"],
  ["sms.headers.Authorization", ["hunter2"], "a list"],
  ["sso.providers[0].clientSecret", ["hunter2"], "a list"],
  ["applicationServices", { as_token: "hunter2" }, "an object"],
  ["applicationServices[0]", ["hunter2"], "a list"],
  ["applicationServices[0].hs_token", ["hunter2"], "a list"],
])("%s is told of without what is in it", (field, value, kind) => {
  const problems = findProblems(put(value, field));
  expect(problems.join("\n")).not.toContain("hunter2");
  const named = `${field || "the configuration"} is ${kind}, not shown because it may be secret; expected`;
  expect(problems).toContainEqual(expect.stringContaining(named));
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
  for (const [text, kind] of [
    ["[]", "a list"],
    ["null", "null"],
    ["1", "a number"],
  ] as const) {
    const reading = readConfigurationFile(write("d.json", text));
    await expect(reading).rejects.toThrow(`d.json holds ${kind}; expected an object`);
  }
  const secret = '{\n"turn": {\n"sharedSecret": hunter2 }, "port": 8008 }';
  const message = /e\.json is not JSON: Unexpected token 'h' in line 3$/;
  await expect(readConfigurationFile(write("e.json", secret))).rejects.toThrow(message);
  for (const field of ["port", "fixtures", "clock"]) {
    const reading = readConfigurationFile(write("f.json", JSON.stringify({ [field]: {} })));
    await expect(reading).rejects.toThrow(new RegExp(`f\\.json:\n  ${field} is `)); // the last two are for tests' code only
  }
});

/** `a[0].b` → `{ a: [{ b: value }] }` */
function put(value: unknown, field: string): unknown {
  return (field.match(/\[0\]|\w+/g) ?? []).reduceRight(
    (inner, name) => (name === "[0]" ? [inner] : { [name]: inner }),
    value,
  );
}

function defaultsOf(value: Described): unknown {
  if ("default" in value) return value.default;
  const fields = Object.entries(value.properties ?? {}).filter(([name]) => name !== "$schema");
  return Object.fromEntries(fields.map(([name, field]) => [name, defaultsOf(field)]));
}
