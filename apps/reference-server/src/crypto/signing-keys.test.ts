import { expect, test } from "vitest";
import { signJson, signingKeyFromSeed, verifyMessage, verifySignedJson } from "./signing-keys.ts";
import { decodeUnpaddedBase64 } from "./unpadded-base64.ts";

/** The key and signatures that the specification gives: https://spec.matrix.org/v1.19/appendices/#cryptographic-test-vectors */
const seed = decodeUnpaddedBase64("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1") ?? new Uint8Array();
const key = signingKeyFromSeed(seed, "1");

test("the specification's own test vectors come out", () => {
  expect(key.publicKey).toBe("XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI");
  expect(signJson({}, "domain", key).signatures).toEqual({
    domain: { "ed25519:1": "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ" },
  });
  expect(signJson({ one: 1, two: "Two" }, "domain", key).signatures).toEqual({
    domain: { "ed25519:1": "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw" },
  });
});

test("signing leaves other signatures and `unsigned` alone, and does not cover them", () => {
  const other = { other: { "ed25519:x": "abc" }, domain: { "ed25519:old": "def" } };
  const signed = signJson({ a: 1, unsigned: { age: 5 }, signatures: other }, "domain", key);
  expect(signed.unsigned).toEqual({ age: 5 });
  expect(signed.signatures).toMatchObject(other);
  expect(verifySignedJson(signed, "domain", "ed25519:1", key.publicKey)).toBe(true);
  expect(verifySignedJson({ ...signed, unsigned: {} }, "domain", "ed25519:1", key.publicKey)).toBe(true);
  expect(verifySignedJson({ ...signed, a: 2 }, "domain", "ed25519:1", key.publicKey)).toBe(false);
  expect(verifySignedJson(signed, "other", "ed25519:x", key.publicKey)).toBe(false);
  expect(verifySignedJson(signed, "nobody", "ed25519:1", key.publicKey)).toBe(false);
});

test.each(["", "not base64!", "YWJj", `${"A".repeat(86)}`])("%j is a false signature or key, not a crash", (text) => {
  expect(verifyMessage("m", text, key.publicKey)).toBe(false);
  expect(verifyMessage("m", key.sign("m"), text)).toBe(false);
});

test("another key does not verify, and a seed of the wrong length is refused", () => {
  const stranger = signingKeyFromSeed(new Uint8Array(32), "1");
  expect(verifyMessage("m", key.sign("m"), key.publicKey)).toBe(true);
  expect(verifyMessage("m", stranger.sign("m"), key.publicKey)).toBe(false);
  expect(() => signingKeyFromSeed(new Uint8Array(31), "1")).toThrow("32 bytes, this one has 31");
});
