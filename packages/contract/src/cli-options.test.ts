import { describe, expect, test } from "vitest";
import { readCommand, UsageError } from "./cli-options.ts";

const ids = new Set(["uia-1", "uia-5x", "is-3"]);
const read = (line: string) => readCommand(line.split(" ").filter(Boolean), ids);

test("reads a whole run", () => {
  expect(
    read(
      "run http://hs.test --identity http://is.test --account alice:a:b --account @bob:hs.test:8448:c --only uia-1,is-3 " +
        "--skip uia-5x=known,is-3=later --smtp-port 2525 --smtp-host 0.0.0.0 --timeout 3 --json",
    ),
  ).toMatchObject({
    command: "run",
    homeserver: new URL("http://hs.test"),
    identity: new URL("http://is.test"),
    given: [
      { user: "alice", password: "a:b" },
      { user: "@bob:hs.test", password: "8448:c" },
    ],
    only: ["uia-1", "is-3"],
    skip: { "uia-5x": "known", "is-3": "later" },
    smtpPort: 2525,
    smtpHost: "0.0.0.0",
    timeout: 3000,
    json: true,
  });
});

test("reads what a server has to be set up with", () => {
  const line =
    "run http://hs.test --administrator @root:hs.test:pw --application-service irc:t:1 --preview-url http://a.test " +
    "--push-gateway http://b.test:2580";
  expect(read(line)).toMatchObject({
    administrator: { user: "@root:hs.test", password: "pw" },
    applicationService: { id: "irc", token: "t:1" },
    previewUrl: "http://a.test",
    pushGateway: new URL("http://b.test:2580"),
  });
});

test("keeps commas in reasons", () => {
  const command = readCommand(["run", "http://hs.test", "--skip", "uia-1=no flows, by choice,is-3=none"], ids);
  expect(command).toMatchObject({ skip: { "uia-1": "no flows, by choice", "is-3": "none" } });
});

describe("says what is wrong with", () => {
  test.each([
    ["", 'expected "run URL" or "rules", found nothing'],
    ["walk http://hs.test", 'found "walk http://hs.test"'],
    ["run", "run takes one URL"],
    ["run hs.test", 'expected an http or https URL, found "hs.test"'],
    ["run ftp://hs.test", 'the homeserver: expected an http or https URL, found "ftp://hs.test"'],
    ["run http://hs.test/_matrix/client", "expected a URL without a path, such as http://hs.test, found"],
    ["run http://hs.test --identity http://is.test?a=b", "--identity: expected a URL without a path"],
    ["run http://alice:secret@hs.test", "expected a URL without a user and password, found one for hs.test"],
    ["run http://hs.test --only uia-99", 'there is no rule "uia-99"'],
    ["run http://hs.test --skip uia-1", 'expected ID=REASON, found "uia-1"'],
    ["run http://hs.test --account alice", "expected USER:PASSWORD"],
    ["run http://hs.test --administrator root", "--administrator: expected USER:PASSWORD"],
    ["run http://hs.test --application-service irc", "--application-service: expected ID:TOKEN"],
    ["run http://hs.test --smtp-port many", "expected a whole number"],
    ["run http://hs.test --smtp-port 25 --inbox http://inbox.test", "give one of them"],
    ["run http://hs.test --fast", /^Unknown option '--fast'$/],
    ["run http://hs.test --only", /'--only <value>' argument missing$/],
  ])("%s", (line, message) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(message);
  });
});
