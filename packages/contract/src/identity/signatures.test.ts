import { expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { isSignedBy, makeKeyPair, signaturesOf } from "./signatures.ts";

/** The public half of the key in https://spec.matrix.org/v1.19/appendices/#signing-json-test-vectors */
const SPEC_KEY = "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI";
const SIGNED = {
  one: 1,
  two: "Two",
  signatures: {
    domain: {
      "ed25519:1": "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw",
    },
  },
};

it.each([
  [{}, "{}"],
  [{ two: "Two", one: 1 }, '{"one":1,"two":"Two"}'],
  [{ b: [{ d: null, c: true }], a: "日" }, '{"a":"日","b":[{"c":true,"d":null}]}'],
  [{ "\u{1F600}": 1, "\uFF61": 2 }, '{"\uFF61":2,"\u{1F600}":1}'],
])("%j is written in one way only", (value, written) => {
  expect(canonicalJson(value)).toBe(written);
});

it("takes the signature of the specification's example, by its key and over its content alone", () => {
  const [signature] = signaturesOf(SIGNED);
  if (signature === undefined) throw new Error("the example is signed");
  expect(signature).toMatchObject({ serverName: "domain", keyId: "ed25519:1" });
  expect(isSignedBy(SIGNED, signature, SPEC_KEY)).toBe(true);
  expect(isSignedBy({ ...SIGNED, unsigned: { age: 1 } }, signature, SPEC_KEY)).toBe(true);
  expect(isSignedBy({ ...SIGNED, one: 2 }, signature, SPEC_KEY)).toBe(false);
  expect(isSignedBy(SIGNED, signature, makeKeyPair().publicKey)).toBe(false);
  expect(isSignedBy(SIGNED, signature, "no key")).toBe(false);
  expect(isSignedBy(SIGNED, { ...signature, value: "" }, SPEC_KEY)).toBe(false);
});

it.each([undefined, null, [], { domain: [] }, { domain: { "ed25519:1": 1 } }])(
  "%j holds no signatures",
  (signatures) => {
    expect(signaturesOf({ signatures })).toEqual([]);
  },
);
