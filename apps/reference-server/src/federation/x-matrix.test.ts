import { describe, expect, test } from "vitest";
import { signingKeyFromSeed } from "../crypto/signing-keys.ts";
import { parseXMatrix, signRequest, verifyRequest } from "./x-matrix.ts";

const key = signingKeyFromSeed(new Uint8Array(32).fill(1), "a");
const request = { method: "POST", uri: "/path?query=1", content: { b: 1, a: "x" } };

describe("X-Matrix", () => {
  test("what was signed verifies, and nothing else", () => {
    const header = parseXMatrix(signRequest(request, "a.test", "b.test", key));
    if (header === null) throw new Error("our own header cannot be read");
    expect(header).toMatchObject({ origin: "a.test", destination: "b.test", key: "ed25519:a" });
    expect(verifyRequest(request, header, key.publicKey)).toBe(true);
    expect(verifyRequest({ ...request, method: "PUT" }, header, key.publicKey)).toBe(false);
    expect(verifyRequest({ ...request, uri: "/path" }, header, key.publicKey)).toBe(false);
    expect(verifyRequest({ ...request, content: { b: 2, a: "x" } }, header, key.publicKey)).toBe(false);
    expect(verifyRequest({ ...request, content: { b: 0.5 } }, header, key.publicKey)).toBe(false);
    expect(verifyRequest(request, { ...header, destination: undefined }, key.publicKey)).toBe(false);
    expect(verifyRequest(request, { ...header, origin: "c.test" }, key.publicKey)).toBe(false);
    expect(verifyRequest(request, header, "AAAA")).toBe(false);
  });

  test.each([
    ['X-Matrix origin="a.test",key="ed25519:a",sig="s"', "a.test"],
    ["x-matrix Origin=a.test, key=ed25519:a , sig=s, future=1", "a.test"],
    ['X-Matrix origin="a\\.test", key="ed25519:a", sig="s"', "a.test"],
    ['X-Matrix origin="a.test",key="ed25519:a"', undefined],
    ["Bearer token", undefined],
    ["X-Matrix", undefined],
    [`X-Matrix origin=a.test,key="ed25519:a",sig="s",${"a".repeat(2048)}`, undefined],
    ['X-Matrix forigin="b.test",key="ed25519:a",sig="s",origin-x origin="a.test"', "a.test"],
    ["", undefined],
  ])("reads %s", (header, origin) => {
    expect(parseXMatrix(header)?.origin).toBe(origin);
  });
});
