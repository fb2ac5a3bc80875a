/** Orders versions of the specification: `r0.6.1` comes before `1.1`, and that before `1.10`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.replace("r0", "0").split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const order = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** The later of two versions, either of which may not be known. */
export function laterOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return other ?? one;
  return compareVersions(other, one) > 0 ? other : one;
}
