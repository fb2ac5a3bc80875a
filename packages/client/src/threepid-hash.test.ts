import { expect, test } from "vitest";
import { hashThreepid } from "./threepid-hash.ts";

// The examples of https://spec.matrix.org/v1.19/identity-service-api/#client-behaviour
test.for([
  ["email", "alice@example.com", "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZUc"],
  ["email", "bob@example.com", "LJwSazmv46n0hlMlsb_iYxI0_HXEqy_yj6Jm636cdT8"],
  ["msisdn", "18005552067", "nlo35_T5fzSGZzJApqu8lgIudJvmOQtDaHtr-I4rU7I"],
] as const)("%s %s", async ([medium, address, hash]) => {
  expect(await hashThreepid({ medium, address, pepper: "matrixrocks", algorithm: "sha256" })).toBe(hash);
});

test("without hashing, the address itself", async () => {
  const threepid = { medium: "email", address: "Alice@Example.com" } as const;
  expect(await hashThreepid({ ...threepid, pepper: "matrixrocks", algorithm: "none" })).toBe("alice@example.com email");
});

test.for([
  ["Strauß@Example.com", "strauss@example.com"],
  ["STRAUẞ@example.com", "strauss@example.com"],
  ["ΌΣΟΣ@example.com", "όσοσ@example.com"],
  ["Diyarbakır@example.com", "diyarbakır@example.com"],
  ["ﬁ@example.com", "fi@example.com"],
] as const)("%s folds to %s", async ([address, folded]) => {
  expect(await hashThreepid({ medium: "email", address, pepper: "", algorithm: "none" })).toBe(`${folded} email`);
});
