import { expect, test } from "vitest";
import { privateKeyIn } from "./invitation.ts";
import { makeKeyPair } from "./signatures.ts";

const mail = (text: string) => ({ to: "a@b", subject: "", text, html: "" });
const { privateKey } = makeKeyPair();
const signUrl = `https://id.example/sign?token=t&private_key=${encodeURIComponent(privateKey)}`;

test.each([
  ["in a link", `Open ${signUrl}.`],
  ["in a link within a link", `Open https://matrix.to/#/!room?signurl=${encodeURIComponent(signUrl)}&email=a%40b`],
])("finds the private key %s", (_where, text) => {
  expect(privateKeyIn(mail(text))).toBe(privateKey);
});

test("finds none where there is none", () => {
  expect(privateKeyIn(mail("private_key=short and token=abc"))).toBeNull();
});
