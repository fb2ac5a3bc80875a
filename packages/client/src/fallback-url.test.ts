import { expect, test } from "vitest";
import { fallbackUrl } from "./fallback-url.ts";
import { InvalidParameter } from "./invalid-parameter.ts";

test("names the stage and the session, whatever is in them", () => {
  expect(fallbackUrl("https://example.org/hosted/", "org.example/quiz", "a&b=c")).toBe(
    "https://example.org/hosted/_matrix/client/v3/auth/org.example%2Fquiz/fallback/web?session=a%26b%3Dc",
  );
});

test("refuses a stage that would lead elsewhere", () => {
  expect(() => fallbackUrl("https://example.org", "..", "s")).toThrow(InvalidParameter);
});
