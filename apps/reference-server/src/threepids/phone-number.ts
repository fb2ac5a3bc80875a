import { createRequire } from "node:module";
import type * as PhoneNumbers from "libphonenumber-js";

/**
 * A phone number as it would be dialled in a country, in the one form in which Matrix stores it: the digits of E.164
 * without `+`. Null where it cannot be a number there, or the country is unknown. Whether anyone has it, sending tells:
 * number plans change, and the ranges set apart for fiction are nobody's, but of use in tests.
 * https://spec.matrix.org/v1.19/appendices/#3pid-types
 */
export function canonicalPhoneNumber(number: string, country: string): string | null {
  const { isSupportedCountry, parsePhoneNumberFromString } = phoneNumbers();
  if (!isSupportedCountry(country)) return null;
  const parsed = parsePhoneNumberFromString(number, { defaultCountry: country, extract: false });
  return parsed?.isPossible() ? parsed.number.slice(1) : null;
}

let loaded: typeof PhoneNumbers | undefined;

/** Read with the first number: a start that never sees one is not held up by the number plans of the world. */
function phoneNumbers(): typeof PhoneNumbers {
  // require is untyped; the package's two entries are the same
  return (loaded ??= createRequire(import.meta.url)("libphonenumber-js") as typeof PhoneNumbers);
}
