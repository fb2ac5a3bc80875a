/** One line of output: what was measured on both sides in the same run. `ratio` is ours over theirs. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  /** What `theirs` is, and what the ratio should be. */
  readonly against: string;
  readonly goal: string;
  readonly met: boolean;
}

/** Rounds the numbers and works out the ratio; `met` decides by ours and theirs. */
export function figure(parts: Omit<Figure, "ratio" | "met">, met: (ours: number, theirs: number) => boolean): Figure {
  const { ours, theirs } = parts;
  return { ...parts, ours: round(ours), theirs: round(theirs), ratio: round(ours / theirs), met: met(ours, theirs) };
}

/** The middle of several measurements, which one slow outlier does not move. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
