import { expect, test } from "vitest";
import { canonicalJson } from "../canonical-json.ts";
import { isSignedBy, makeKeyPair, signaturesOf } from "./signatures.ts";

/** The public half of the key in https://spec.matrix.org/v1.19/appendices/#signing-json-test-vectors */
const specKey = "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI";
const signed = {
  one: 1,
  two: "Two",
  signatures: {
    domain: {
      "ed25519:1": "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw",
    },
  },
};

test.each([
  [{}, "{}"],
  [{ two: "Two", one: 1 }, '{"one":1,"two":"Two"}'],
  [{ b: [{ d: null, c: true }], a: "日" }, '{"a":"日","b":[{"c":true,"d":null}]}'],
  [{ "\u{1F600}": 1, "\uFF61": 2 }, '{"\uFF61":2,"\u{1F600}":1}'],
])("%j is written in one way only", (value, written) => {
  expect(canonicalJson(value)).toBe(written);
});

test("takes the signature of the specification's example, by its key and over its content alone", () => {
  const [signature] = signaturesOf(signed);
  if (signature === undefined) throw new Error("the example is signed");
  expect(signature).toMatchObject({ serverName: "domain", keyId: "ed25519:1" });
  expect(isSignedBy(signed, signature, specKey)).toBe(true);
  expect(isSignedBy({ ...signed, unsigned: { age: 1 } }, signature, specKey)).toBe(true);
  expect(isSignedBy({ ...signed, one: 2 }, signature, specKey)).toBe(false);
  expect(isSignedBy(signed, signature, makeKeyPair().publicKey)).toBe(false);
  expect(isSignedBy(signed, signature, "no key")).toBe(false);
  expect(isSignedBy(signed, { ...signature, value: "" }, specKey)).toBe(false);
});

test.each([undefined, null, [], { domain: [] }, { domain: { "ed25519:1": 1 } }])(
  "%j holds no signatures",
  (signatures) => {
    expect(signaturesOf({ signatures })).toEqual([]);
  },
);
