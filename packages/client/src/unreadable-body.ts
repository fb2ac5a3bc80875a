/**
 * The server, or a proxy before it, answered with a body that is not what Matrix answers: no JSON, JSON cut short, or
 * an error without an `errcode`.
 */
export class UnreadableBody extends Error {
  override readonly name = "UnreadableBody";
  /** The method and path template, such as `POST /_matrix/client/v3/login`. */
  readonly operation: string;
  readonly status: number;
  readonly contentType: string | null;
  // Private, so that printing the error does not print a body that may hold tokens.
  readonly #text: string;

  constructor(operation: string, response: Response, expected: string, text: string, cause?: unknown) {
    const contentType = response.headers.get("content-type");
    const found = text === "" ? "no readable body" : `a body of type ${contentType ?? "unknown"}`;
    super(`${operation}: the server answered ${response.status} with ${found}; ${expected} was expected.`, { cause });
    this.operation = operation;
    this.status = response.status;
    this.contentType = contentType;
    this.#text = text;
  }

  /** The body as far as it could be read. */
  get text(): string {
    return this.#text;
  }
}
