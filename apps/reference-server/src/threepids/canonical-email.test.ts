import { describe, expect, test } from "vitest";
import { canonicalEmail } from "./canonical-email.ts";

describe("canonicalEmail", () => {
  test.each([
    ["Alice@Example.ORG", "alice@example.org"],
    [" bob+matrix@example.org ", "bob+matrix@example.org"],
    ["Strauß@Example.com", "strauss@example.com"],
    ["STRAUẞ@example.com", "strauss@example.com"],
    ["ΟΔΟΣ@example.org", "οδοσ@example.org"],
    ["οδος@example.org", "οδοσ@example.org"],
    ["root@localhost", "root@localhost"],
  ])("%s is %s", (text, canonical) => {
    expect(canonicalEmail(text)).toBe(canonical);
    expect(canonicalEmail(canonical)).toBe(canonical);
  });

  test("does not take the dotless i for an i, which is another mailbox", () => {
    expect(canonicalEmail("alıce@example.org")).not.toBe("alice@example.org");
  });

  test.each([
    "",
    "alice",
    "@example.org",
    "alice@",
    "alice@@example.org",
    "alice@example.org,bob@example.org",
    "Alice <alice@example.org>",
    '"a b"@example.org',
    "alice@example.org\r\nBcc: bob@example.org",
    "al ice@example.org",
    ".alice@example.org",
    "alice..b@example.org",
    "alice@-example.org",
    "alice@example..org",
    `${"a".repeat(65)}@example.org`,
    `alice@${"a.".repeat(130)}org`,
  ])("%j is no address", (text) => {
    expect(canonicalEmail(text)).toBeNull();
  });
});
