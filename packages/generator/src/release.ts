/** Something that came with a release of the specification; null is what is older than v1.1. */
export interface Dated {
  readonly since: string | null;
}

/**
 * Whether a server has it that lists this release in its `/versions`
 * (https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientversions). What is no release of the form `v1.5`, as
 * `r0.6.1` of old, promises nothing that is described here, and gives false.
 */
export function isInVersion({ since }: Dated, version: string): boolean {
  const release = releaseNumber(version);
  return release !== null && (since === null || (releaseNumber(since) ?? 0) <= release);
}

/** The names of what a server of this release has: `operationsIn(operations, "v1.5")`. */
export function operationsIn<const Name extends string>(table: Readonly<Record<Name, Dated>>, version: string): Name[] {
  const names = Object.keys(table) as Name[]; // the keys of a table are its names
  return names.filter((name) => isInVersion(table[name], version));
}

/** A number that is greater for a later release; null for anything but `v1.5` and `1.5`. */
function releaseNumber(version: string): number | null {
  const { major, minor } = /^v?(?<major>\d{1,3})\.(?<minor>\d{1,3})$/.exec(version)?.groups ?? {};
  return major === undefined || minor === undefined ? null : Number(major) * 1000 + Number(minor);
}
