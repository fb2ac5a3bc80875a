import type { JsonResult } from "../results.ts";

/** Leaves a handler early with an answer: a challenge, or the result of an earlier request of the same session. */
export class UiaAnswer extends Error {
  override readonly name = "UiaAnswer";
  readonly result: JsonResult;

  constructor(result: JsonResult) {
    super("User-interactive auth answers this request. Handlers must let this pass.");
    this.result = result;
  }
}
