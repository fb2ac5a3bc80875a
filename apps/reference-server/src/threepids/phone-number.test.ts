import { describe, expect, test } from "vitest";
import { canonicalPhoneNumber } from "./phone-number.ts";

describe("canonicalPhoneNumber", () => {
  test.each([
    ["07700 900123", "GB", "447700900123"],
    ["+44 7700 900123", "GB", "447700900123"],
    ["+44 7700 900123", "US", "447700900123"],
    ["(800) 555-2067", "US", "18005552067"],
  ])("%s in %s is %s", (number, country, canonical) => {
    expect(canonicalPhoneNumber(number, country)).toBe(canonical);
  });

  test.each([
    ["12", "GB"],
    ["call 07700 900123 now", "GB"],
    ["07700 900123", "ZZ"],
    ["07700 900123", "gb"],
    ["", "GB"],
  ])("%j in %s is no number", (number, country) => {
    expect(canonicalPhoneNumber(number, country)).toBeNull();
  });
});
