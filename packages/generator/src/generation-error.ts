/** One thing that is wrong with the input: what was found, where, and what to do about it. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The input, or the place to write to, is not what it has to be; nothing was written. */
export class GenerationError extends Error {
  override readonly name = "GenerationError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join("\n"));
    this.problems = problems;
  }
}

/** A problem as compilers print it, so that editors make the place clickable. */
export function describeProblem({ message, hint, file, line, column }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return `${place === "" ? "" : `${place}: `}${message}\n  → ${hint}`;
}
