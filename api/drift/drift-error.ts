/** What the person at the keyboard has to mend: what was found, and what to do about it. */
export class DriftError extends Error {
  override readonly name = "DriftError";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
