import { type Api, readFacts } from "./facts.ts";

/** Since when a code exists in an API, wherever it is answered. */
export function errcodeVersions(api: Api): Map<string, string> {
  const { errcodes } = readFacts("errcodes");
  return new Map([
    ...errcodes.flatMap(({ errcode, [api]: facts }) => (facts?.addedIn ? [[errcode, facts.addedIn] as const] : [])),
    ...readFacts(api).proseOnlyFields.flatMap(({ errcodes: codes = [], addedIn }) =>
      codes.flatMap((code) => (addedIn ? [[code, addedIn] as const] : [])),
    ),
  ]);
}
