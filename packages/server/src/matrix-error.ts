import { error } from "./results.ts";
import type { ErrorBody, JsonResult } from "./results.ts";

/**
 * A standard error thrown from where no result can be returned; it is answered like `error(...)`. Handlers themselves
 * should return `error(...)`, which the compiler holds against the operation's description.
 */
export class MatrixError extends Error {
  override readonly name = "MatrixError";
  readonly status: number;
  readonly errcode: string;
  readonly extraFields: Readonly<Record<string, unknown>>;

  constructor(status: number, errcode: string, message?: string, extraFields: Readonly<Record<string, unknown>> = {}) {
    super(message ?? errcode);
    this.status = status;
    this.errcode = errcode;
    this.extraFields = extraFields;
  }

  toResult(): JsonResult<number, ErrorBody> {
    return error(this.status, this.errcode, this.message, this.extraFields);
  }
}

/** The error for a body of more than `limit` bytes. */
export function tooLarge(limit: number): MatrixError {
  return new MatrixError(413, "M_TOO_LARGE", `The body has more than ${limit} bytes: send a smaller one.`);
}
