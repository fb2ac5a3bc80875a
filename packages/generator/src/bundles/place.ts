/** Something that cannot be converted, and where in the document it stands, as a JSON pointer. */
export interface Refusal {
  readonly pointer: string;
  readonly found: string;
  readonly hint: string;
}

/** Where in a document a walk is, and the list of what it could not take along. */
export interface Place {
  readonly pointer: string;
  readonly refusals: Refusal[];
}

/** The place one or more steps further in. */
export function inside({ pointer, refusals }: Place, ...keys: readonly (string | number)[]): Place {
  const steps = keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return { pointer: pointer + steps.join(""), refusals };
}

/** Remembers that something here cannot be converted; the walk goes on, so that all such places are told at once. */
export function refuse({ pointer, refusals }: Place, found: string, hint: string): void {
  refusals.push({ pointer, found, hint });
}
